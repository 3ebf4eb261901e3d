import { auditMigrations } from "@mall/kit/audit";
import { idempotencyMigrations } from "@mall/kit/idempotency";
import { jobsMigrations } from "@mall/kit/jobs";
import type { RpcProcess } from "@mall/kit/process";
import { sagaMigrations } from "@mall/kit/saga";
import { warnOfGoneChannels } from "../attention/gone-channels.ts";
import { billMerchants } from "../bills/bill-merchants.ts";
import { channelExposures } from "../channels/exposures.ts";
import { payMigrations } from "../model/gen/migrations.ts";
import { buildContext } from "./build.ts";
import { answerFromCache } from "./cached-answers.ts";
import { type PayRpcConfig, payRpcBlock, payRpcConfig } from "./config.ts";
import { type PayClient, PayService } from "./gen/pay.ts";
import { createPayServer } from "./gen/server.ts";

/** The gRPC process of the pay service. */
export const payRpc: RpcProcess<PayRpcConfig, PayClient> = {
  name: "pay.rpc",
  config: payRpcConfig,
  block: payRpcBlock,
  service: PayService,
  migrations: [payMigrations, idempotencyMigrations, jobsMigrations, sagaMigrations, auditMigrations],
  contract: new URL("./pay.proto", import.meta.url),
  exposures: ({ Mode, Channels }) => channelExposures(Channels, Mode),
  build: async (config, placement) => {
    const context = await buildContext(config, placement);
    await context.database.transaction((tx) => context.jobs.expire(tx));
    if (billMerchants(context).length > 0) await context.database.transaction((tx) => context.jobs.bills(tx));
    await warnOfGoneChannels(context, placement.log);
    return answerFromCache(createPayServer(context), config, placement);
  },
};
