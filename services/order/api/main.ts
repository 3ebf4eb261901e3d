import type { ApiProcess } from "@mall/kit/process";
import { revokedSource } from "@mall/user/rpc/revoked";
import { type OrderApiConfig, orderApiBlock, orderApiConfig } from "./config.ts";
import { createContext } from "./context.ts";
import { orderOpenApi } from "./gen/openapi.ts";
import { orderRoutes } from "./gen/routes.ts";

/** The HTTP process of the order service. */
export const orderApi: ApiProcess<OrderApiConfig> = {
  name: "order.api",
  config: orderApiConfig,
  block: orderApiBlock,
  openApi: orderOpenApi,
  build: async (config, placement) => orderRoutes(createContext(config, placement)),
  revoked: ({ UserRpc }, placement) => revokedSource(UserRpc, placement),
};
