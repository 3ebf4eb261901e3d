import type { ApiProcess } from "@mall/kit/process";
import { revokedSource } from "@mall/user/rpc/revoked";
import { type PayApiConfig, payApiBlock, payApiConfig } from "./config.ts";
import { createContext } from "./context.ts";
import { payOpenApi } from "./gen/openapi.ts";
import { payRoutes } from "./gen/routes.ts";

/** The HTTP process of the pay service. */
export const payApi: ApiProcess<PayApiConfig> = {
  name: "pay.api",
  config: payApiConfig,
  block: payApiBlock,
  openApi: payOpenApi,
  build: async (config, placement) => payRoutes(createContext(config, placement)),
  revoked: ({ UserRpc }, placement) => revokedSource(UserRpc, placement),
};
