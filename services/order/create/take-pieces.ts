import { heldFor } from "@mall/kit/async";
import type { Placement } from "@mall/kit/process";
import { type Branch, branchOf, type SagaStep } from "@mall/kit/saga";
import type { Database } from "@mall/kit/store";
import { type DecrStockRequest, type ProductClient, ProductService } from "@mall/product/rpc";
import { productNotFound, productOffShelf, stockInsufficient } from "@mall/product/rpc/errors";
import { STOCK } from "@mall/product/rpc/stock-participant";
import type { OrderRpcConfig } from "../rpc/config.ts";

/** How long the list of methods missing at the product service is cached, milliseconds. */
const KNOWN_MS = 1_000;

/** The product service's methods as branches of a saga. */
export interface StockBranches {
  readonly take: Branch<DecrStockRequest>;
  readonly giveBack: Branch<DecrStockRequest>;
}

/** @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE if the DTM server could not reach the product service. */
export function stockBranches(
  productRpc: ProductClient,
  config: OrderRpcConfig,
  { database, placement }: { readonly database: Database; readonly placement: Placement },
): StockBranches {
  const { runtime, missing, participants } = placement;
  // A DTM server calls the branches, so they cannot share our transaction.
  const stock = config.Dtm === undefined ? participants.find(STOCK, database) : undefined;
  const place = config.Dtm && {
    service: ProductService,
    config: config.ProductRpc,
    origin: "ProductRpc",
    missing: heldFor(runtime, KNOWN_MS, () => missing(productRpc)),
  };
  return {
    take: {
      ...branchOf(productRpc, "decrStock", place),
      ...(stock && { within: (tx, { id, num }) => stock.take(tx, { id, num }) }),
    },
    giveBack: branchOf(productRpc, "decrStockRevert", place),
  };
}

/** The saga step that takes pieces out of stock. */
export function takePieces(
  stock: StockBranches,
  pieces: { readonly pid: number; readonly num: number },
): SagaStep<DecrStockRequest> {
  return {
    action: stock.take,
    compensate: stock.giveBack,
    request: { id: pieces.pid, num: pieces.num },
    refusals: () => [productNotFound(), productOffShelf(), stockInsufficient()],
  };
}
