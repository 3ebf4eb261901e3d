import { settleInOrder } from "@mall/kit/async";
import type { Call } from "@mall/kit/call";
import type { DetailResponse } from "@mall/product/rpc";
import { productOffShelf, stockInsufficient } from "@mall/product/rpc/errors";
import type { ServiceContext } from "../rpc/context.ts";
import { priceMismatch } from "../rpc/errors.ts";
import type { CreateRequest } from "../rpc/gen/order.ts";
import { PIECES } from "./new-order.ts";

/**
 * Whether an order may be made, in go-zero-mall's order: the user is there, the product is on sale, a piece of it is
 * left, and the order costs what it costs.
 *
 * @throws AppError as checkUnsold; ABORTED STOCK_INSUFFICIENT.
 */
export async function checkOrder(context: ServiceContext, call: Call, request: CreateRequest): Promise<void> {
  const product = await onSale(context, call, request);
  if (product.stock < PIECES) {
    context.metrics.stockRefused();
    throw stockInsufficient();
  }
  checkPrice(product, request);
}

/**
 * As checkOrder, where somebody else takes the pieces: how many are left says nothing then, as they may be this
 * order's already.
 *
 * @throws AppError as the neighbours; FAILED_PRECONDITION PRODUCT_OFF_SHELF, PRICE_MISMATCH.
 */
export async function checkUnsold(
  context: ServiceContext,
  call: Call,
  request: CreateRequest,
): Promise<void> {
  checkPrice(await onSale(context, call, request), request);
}

async function onSale(
  { knownUsers, productRpc }: ServiceContext,
  call: Call,
  { uid, pid }: CreateRequest,
): Promise<DetailResponse> {
  const [, product] = await settleInOrder(knownUsers.demand(call, uid), productRpc.detail(call, { id: pid }));
  if (product.status !== 0) throw productOffShelf();
  return product;
}

function checkPrice(product: DetailResponse, { amount }: CreateRequest): void {
  if (product.amount !== amount) throw priceMismatch();
}
