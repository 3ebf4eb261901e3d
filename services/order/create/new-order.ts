import { settleInOrder } from "@mall/kit/async";
import type { Call } from "@mall/kit/call";
import type { Runtime } from "@mall/kit/runtime";
import type { RowTransaction } from "@mall/kit/store";
import type { DetailResponse } from "@mall/product/rpc";
import { productOffShelf, stockInsufficient } from "@mall/product/rpc/errors";
import type { NewOrderRow } from "../model/order-model.ts";
import { ORDER_STATUS } from "../model/order-state.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { priceMismatch } from "../rpc/errors.ts";
import type { CreateRequest } from "../rpc/gen/order.ts";

/** An order is for one piece; go-zero-mall's contract has no quantity. */
export const PIECES = 1;

/** `status` of a product that is on sale. */
const ON_SALE = 0;
const SECOND_MS = 1000;
/** Of a name's beginning, which is a time in milliseconds: enough until the year 10889. */
const TIME_DIGITS = 12;
const RANDOM_BYTES = 10;
/** Marks an order whose piece was taken in the transaction that wrote it: it has neither a saga nor a barrier row. */
const AT_ONCE = "whole-";

/**
 * Checks that an order may be created, in go-zero-mall's sequence: the user exists, the product is on sale and in
 * stock, and the amount is the product's price.
 *
 * @throws AppError as checkUnsold; ABORTED STOCK_INSUFFICIENT.
 */
export async function checkOrder(context: ServiceContext, call: Call, request: CreateRequest): Promise<void> {
  const product = await findOnSale(context, call, request);
  if (product.stock < PIECES) {
    context.metrics.stockRefused();
    throw stockInsufficient();
  }
  checkPrice(product, request);
}

/**
 * As checkOrder, for a saga whose other step takes the pieces: the stock says nothing then, because it may already be
 * reduced for this very order.
 *
 * @throws AppError as the user and product rpcs; FAILED_PRECONDITION PRODUCT_OFF_SHELF, PRICE_MISMATCH.
 */
export async function checkUnsold(
  context: ServiceContext,
  call: Call,
  request: CreateRequest,
): Promise<void> {
  checkPrice(await findOnSale(context, call, request), request);
}

async function findOnSale(
  { knownUsers, productRpc }: ServiceContext,
  call: Call,
  { uid, pid }: CreateRequest,
): Promise<DetailResponse> {
  const [, product] = await settleInOrder(knownUsers.demand(call, uid), productRpc.detail(call, { id: pid }));
  if (product.status !== ON_SALE) throw productOffShelf();
  return product;
}

function checkPrice(product: DetailResponse, { amount }: CreateRequest): void {
  if (product.amount !== amount) throw priceMismatch();
}

/**
 * A unique id for the saga that creates an order; it becomes the order's name. The time and then 80 random bits, as in
 * a UUID of version 7 (RFC 9562, 5.7): names of one moment are neighbours in their index, whose pages of long ago need
 * not be read for a new order.
 */
export function newGid(runtime: Runtime, { isAtOnce }: { readonly isAtOnce: boolean }): string {
  const time = runtime.now().toString(16).padStart(TIME_DIGITS, "0");
  const unique = Buffer.from(runtime.randomBytes(RANDOM_BYTES)).toString("hex");
  return `${isAtOnce ? AT_ONCE : "order-"}${time}${unique}`;
}

/** Whether the order with this name took its piece in the transaction that wrote it. */
export function wasAtOnce(gid: string): boolean {
  return gid.startsWith(AT_ONCE);
}

/** The columns that identify a new order to distributed transactions. */
type Names = Pick<NewOrderRow, "gid" | "stockBranch">;

/** Inserts a new order, unpaid and with its expiry, and returns its id. */
export async function writeOrder(
  { runtime, expireMs, orderModel, announceEnd }: Omit<ServiceContext, "sagas">,
  tx: RowTransaction,
  { uid, pid, amount }: Pick<CreateRequest, "uid" | "pid" | "amount">,
  names: Names,
): Promise<number> {
  const expireTime = newExpiry(runtime, expireMs);
  const row = { uid, pid, amount, status: ORDER_STATUS.unpaid, num: PIECES, expireTime };
  const id = await orderModel.insert({ ...row, ...names }, tx);
  if (expireTime !== null) await announceEnd?.(tx, { id, endMs: expireTime.getTime() });
  return id;
}

/**
 * Until when a new order may be paid; null if it never expires. Rounded up to a whole second: the column stores no
 * fractions, and some servers round them while others cut them off.
 */
function newExpiry(runtime: Runtime, expireMs: number): Date | null {
  if (expireMs === 0) return null;
  return new Date(Math.ceil((runtime.now() + expireMs) / SECOND_MS) * SECOND_MS);
}
