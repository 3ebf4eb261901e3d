import type { ApiProcess } from "@mall/kit/process";
import { revokedSource } from "@mall/user/rpc/revoked";
import { type ProductApiConfig, productApiBlock, productApiConfig } from "./config.ts";
import { createContext } from "./context.ts";
import { productOpenApi } from "./gen/openapi.ts";
import { productRoutes } from "./gen/routes.ts";

/** The HTTP process of the product service. */
export const productApi: ApiProcess<ProductApiConfig> = {
  name: "product.api",
  config: productApiConfig,
  block: productApiBlock,
  openApi: productOpenApi,
  build: async (config, placement) => productRoutes(createContext(config, placement)),
  revoked: ({ UserRpc }, placement) => revokedSource(UserRpc, placement),
};
