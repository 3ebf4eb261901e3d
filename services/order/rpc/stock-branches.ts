import { heldFor } from "@mall/kit/context";
import type { Placement } from "@mall/kit/process";
import { type Branch, branchOf, type SagaStep, sagaStep } from "@mall/kit/saga";
import { type DecrStockRequest, type ProductClient, ProductService } from "@mall/product/rpc";
import { productNotFound, productOffShelf, stockInsufficient } from "@mall/product/rpc/errors";
import type { OrderRpcConfig } from "./config.ts";

/** How long the product service is taken to have the methods that it had. */
const KNOWN_MS = 1_000;

/** The product service's part in a saga. */
export interface StockBranches {
  readonly take: Branch<DecrStockRequest>;
  readonly giveBack: Branch<DecrStockRequest>;
}

/** @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE where a DTM server could not reach the product service. */
export function stockBranches(
  productRpc: ProductClient,
  config: OrderRpcConfig,
  { runtime, missing }: Pick<Placement, "runtime" | "missing">,
): StockBranches {
  const place = config.Dtm && {
    service: ProductService,
    config: config.ProductRpc,
    origin: "ProductRpc",
    missing: heldFor(runtime, KNOWN_MS, () => missing(productRpc)),
  };
  return {
    take: branchOf(productRpc, "decrStock", place),
    giveBack: branchOf(productRpc, "decrStockRevert", place),
  };
}

/** The step of a saga that takes pieces out of stock. */
export function takePieces(stock: StockBranches, pieces: { pid: number; num: number }): SagaStep {
  return sagaStep({
    action: stock.take,
    compensate: stock.giveBack,
    request: { id: pieces.pid, num: pieces.num },
    refusals: [productNotFound(), productOffShelf(), stockInsufficient()],
  });
}
