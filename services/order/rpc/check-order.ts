import { settleInOrder } from "@mall/kit/async";
import type { Call } from "@mall/kit/call";
import type { DetailResponse } from "@mall/product/rpc";
import { productOffShelf } from "@mall/product/rpc/errors";
import type { ServiceContext } from "./context.ts";
import { priceMismatch } from "./errors.ts";
import type { CreateRequest } from "./gen/order.ts";

/**
 * What is ordered, if it may be: the user is there, the product is on sale.
 *
 * @throws AppError as the neighbours; FAILED_PRECONDITION for a product off shelf.
 */
export async function checkOrder(
  context: ServiceContext,
  call: Call,
  { uid, pid }: CreateRequest,
): Promise<DetailResponse> {
  const [, product] = await settleInOrder(
    context.knownUsers.demand(call, uid),
    context.productRpc.detail(call, { id: pid }),
  );
  if (product.status !== 0) throw productOffShelf();
  return product;
}

/** @throws AppError FAILED_PRECONDITION where the order does not cost what the product costs. */
export function checkPrice(product: DetailResponse, { amount }: CreateRequest): void {
  if (product.amount !== amount) throw priceMismatch();
}
