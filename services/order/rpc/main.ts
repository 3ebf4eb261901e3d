import { auditMigrations } from "@mall/kit/audit";
import { idempotencyMigrations } from "@mall/kit/idempotency";
import { jobsMigrations } from "@mall/kit/jobs";
import type { RpcProcess } from "@mall/kit/process";
import { sagaMigrations } from "@mall/kit/saga";
import { answerBranches } from "../dtm/branch-orders.ts";
import { orderMigrations } from "../model/gen/migrations.ts";
import { buildContext, startOrderJobs } from "./build.ts";
import { answerFromCache } from "./cached-answers.ts";
import { type OrderRpcConfig, orderRpcBlock, orderRpcConfig } from "./config.ts";
import { type OrderClient, OrderService } from "./gen/order.ts";
import { createOrderServer } from "./gen/server.ts";
import { createOrderParticipant, ORDERS } from "./order-participant.ts";

/** The gRPC process of the order service. */
export const orderRpc: RpcProcess<OrderRpcConfig, OrderClient> = {
  name: "order.rpc",
  config: orderRpcConfig,
  block: orderRpcBlock,
  service: OrderService,
  migrations: [orderMigrations, idempotencyMigrations, jobsMigrations, sagaMigrations, auditMigrations],
  contract: new URL("./order.proto", import.meta.url),
  build: async (config, placement) => {
    const context = await buildContext(config, placement);
    placement.participants.offer(ORDERS, context.database, createOrderParticipant(context));
    await startOrderJobs(context);
    const server = answerBranches(context, createOrderServer(context));
    return answerFromCache(server, config, placement);
  },
};
