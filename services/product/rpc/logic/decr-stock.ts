import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { DecrStockRequest, DecrStockResponse } from "../gen/product.ts";
import { checkNum, takePieces } from "../take-pieces.ts";

/** Takes `num` pieces out of stock, or none; as a branch of a saga, once. */
export async function decrStock(
  context: ServiceContext,
  { branch }: Call,
  request: DecrStockRequest,
): Promise<DecrStockResponse> {
  checkNum(request.num);
  if (branch === undefined) await takePieces(context, request);
  else await context.takeForBranch({ ...request, branch });
  return {};
}
