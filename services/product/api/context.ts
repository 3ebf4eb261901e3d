import type { Placement } from "@mall/kit/process";
import { type ProductClient, ProductService } from "@mall/product/rpc";
import type { ProductApiConfig } from "./config.ts";

/** What the product api's logic may use. */
export interface ServiceContext {
  readonly productRpc: ProductClient;
}

export function createContext(config: ProductApiConfig, placement: Placement): ServiceContext {
  return { productRpc: placement.client(ProductService, config.ProductRpc, "ProductRpc") };
}
