import { auditMigrations } from "@mall/kit/audit";
import { idempotencyMigrations } from "@mall/kit/idempotency";
import type { RpcProcess } from "@mall/kit/process";
import { sagaMigrations } from "@mall/kit/saga";
import { productMigrations } from "../model/gen/migrations.ts";
import { buildContext } from "./build.ts";
import { answerFromCache } from "./cached-answers.ts";
import { type ProductRpcConfig, productRpcBlock, productRpcConfig } from "./config.ts";
import { type ProductClient, ProductService } from "./gen/product.ts";
import { createProductServer } from "./gen/server.ts";
import { createStockParticipant, STOCK } from "./take-pieces.ts";

/** The gRPC process of the product service. */
export const productRpc: RpcProcess<ProductRpcConfig, ProductClient> = {
  name: "product.rpc",
  config: productRpcConfig,
  block: productRpcBlock,
  service: ProductService,
  migrations: [productMigrations, idempotencyMigrations, sagaMigrations, auditMigrations],
  contract: new URL("./product.proto", import.meta.url),
  build: async (config, placement) => {
    const context = await buildContext(config, placement);
    placement.participants.offer(STOCK, context.database, createStockParticipant(context));
    return answerFromCache(createProductServer(context), config, placement);
  },
};
