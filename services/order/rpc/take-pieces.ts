import { branchOf, type SagaStep, sagaStep } from "@mall/kit/saga";
import type { ProductClient } from "@mall/product/rpc";

/** The step of a saga that takes pieces out of stock. */
export function takePieces(productRpc: ProductClient, pieces: { pid: number; num: number }): SagaStep {
  return sagaStep({
    action: branchOf(productRpc, "decrStock"),
    compensate: branchOf(productRpc, "decrStockRevert"),
    request: { id: pieces.pid, num: pieces.num },
  });
}
