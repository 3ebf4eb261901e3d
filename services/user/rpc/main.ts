import { auditMigrations } from "@mall/kit/audit";
import { idempotencyMigrations } from "@mall/kit/idempotency";
import { type RpcProcess, secretExposure, trialExposure } from "@mall/kit/process";
import { userMigrations } from "../model/gen/migrations.ts";
import { buildContext } from "./build.ts";
import { answerFromCache } from "./cached-answers.ts";
import { type UserRpcConfig, userRpcBlock, userRpcConfig } from "./config.ts";
import { createUserServer } from "./gen/server.ts";
import { type UserClient, UserService } from "./gen/user.ts";

/** The gRPC process of the user service. */
export const userRpc: RpcProcess<UserRpcConfig, UserClient> = {
  name: "user.rpc",
  config: userRpcConfig,
  block: userRpcBlock,
  service: UserService,
  migrations: [userMigrations, idempotencyMigrations, auditMigrations],
  contract: new URL("./user.proto", import.meta.url),
  exposures: ({ Mode, Salt }, host) => [
    ...secretExposure("Salt", Salt, Mode),
    ...trialExposure("user.rpc: ", { mode: Mode, host }, "the first to register becomes admin"),
  ],
  build: async (config, placement) => {
    const context = await buildContext(config, placement);
    return answerFromCache(createUserServer(context), config, placement);
  },
};
