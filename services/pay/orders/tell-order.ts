import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { PEER_REFUSED } from "@mall/kit/rpc";
import { ORDER_REASON } from "@mall/order/rpc/errors";
import { PRODUCT_REASON } from "@mall/product/rpc/errors";
import { ORDER_STATUS } from "../intent/payable.ts";
import type { ServiceContext } from "../rpc/context.ts";

/**
 * Refusals that asking again does not change: the order or its product is gone, or there are no pieces. Those
 * without a reason of their own are a Go peer's. Any other error may be the network's or the machine's.
 */
const FINAL: ReadonlySet<string> = new Set([
  ORDER_REASON.notFound,
  ORDER_REASON.refunded,
  PRODUCT_REASON.stockInsufficient,
  PRODUCT_REASON.notFound,
  PRODUCT_REASON.offShelf,
  "NOT_FOUND",
  PEER_REFUSED,
]);

/**
 * Cancels an order whose payment was closed. One that is gone, or was paid or given back meanwhile, stays as it is.
 *
 * @throws AppError where nobody knows yet.
 */
export async function cancelOrder(
  { orderRpc }: Pick<ServiceContext, "orderRpc">,
  call: Call,
  id: number,
): Promise<void> {
  try {
    await orderRpc.update(call, { id, status: ORDER_STATUS.cancelled });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === "NOT_FOUND") return;
    // Two that move an order at once: its state shows whether there is still something to cancel.
    if (error.code !== "ABORTED" || (await orderRpc.detail(call, { id })).status === ORDER_STATUS.unpaid)
      throw error;
  }
}

/** An order, and what its payment was for: what it must cost to be paid. A Go peer does not compare. */
interface PaidOrder {
  readonly id: number;
  readonly amount: number;
}

/**
 * Tells an order that its money came, and brings it back where it was cancelled meanwhile.
 *
 * @returns whether it is paid now, cannot be had any more, or costs something else.
 * @throws AppError where nobody knows yet.
 */
export async function tellOrderPaid(
  { orderRpc }: Pick<ServiceContext, "orderRpc">,
  call: Call,
  order: PaidOrder,
): Promise<"paid" | "gone" | "mismatch"> {
  try {
    await orderRpc.paid(call, order);
    return "paid";
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.reason === ORDER_REASON.amountMismatch) return "mismatch";
    if (FINAL.has(error.reason)) return "gone";
    if (error.reason !== ORDER_REASON.cancelled) throw error;
  }
  try {
    await orderRpc.reopen(call, order);
    return "paid";
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.reason === ORDER_REASON.amountMismatch) return "mismatch";
    // A Go peer cannot bring an order back.
    if (FINAL.has(error.reason) || error.code === "UNIMPLEMENTED") return "gone";
    throw error;
  }
}

/**
 * Tells an order that all its money went back. One that is gone has nothing to do with it, and a Go peer no word
 * for it.
 *
 * @throws AppError where nobody knows yet.
 */
export async function tellOrderRefunded(
  { orderRpc, log }: Pick<ServiceContext, "orderRpc" | "log">,
  call: Call,
  id: number,
): Promise<void> {
  try {
    await orderRpc.refunded(call, { id });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === "NOT_FOUND") return;
    if (error.code !== "UNIMPLEMENTED") throw error;
    log.warn({ error }, "the order service has no method to learn that an order was refunded");
  }
}

/** Whether a neighbour says that what was asked for is not there; a Go peer has no other refusal for questions. */
export function isGone({ code, reason }: AppError): boolean {
  return code === "NOT_FOUND" || reason === PEER_REFUSED;
}
