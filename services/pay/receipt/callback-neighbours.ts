import { settleInOrder } from "@mall/kit/async";
import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { DetailResponse } from "@mall/order/rpc";
import { orderNotFound } from "@mall/order/rpc/errors";
import type { PayRow } from "../model/pay-model.ts";
import { HELD_REASON, type HeldReason } from "../model/pay-state.ts";
import { isGone } from "../orders/tell-order.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { payNotFound } from "../rpc/errors.ts";
import type { CallbackRequest } from "../rpc/gen/pay.ts";

type Looked<T> =
  | { readonly found: T; readonly gone?: undefined }
  | { readonly found?: undefined; readonly gone: AppError };

/** The user and the order that a callback names, as far as they are there. */
export interface CallbackNeighbours {
  readonly user: Looked<unknown>;
  readonly order: Looked<DetailResponse>;
}

export async function lookAround(
  { userRpc, orderRpc }: Pick<ServiceContext, "userRpc" | "orderRpc">,
  call: Call,
  { uid, oid }: CallbackRequest,
): Promise<CallbackNeighbours> {
  const [user, order] = await settleInOrder(
    // Asked each time, not of `knownUsers`: whether money is held must not rest on what was so minutes ago.
    unlessGone(userRpc.userInfo(call, { id: uid })),
    unlessGone(orderRpc.detail(call, { id: oid })),
  );
  return { user, order };
}

/**
 * The payment, if it is named with its own user and order.
 *
 * @throws AppError in go-zero-mall's order.
 */
export function demandNamed(
  pay: PayRow | undefined,
  { uid, oid }: CallbackRequest,
  { user, order }: CallbackNeighbours,
): PayRow {
  if (pay !== undefined && pay.oid === oid && pay.uid === uid) return pay;
  throw user.gone ?? order.gone ?? (pay === undefined ? payNotFound() : orderNotFound());
}

/** Why money is held though it is the payment's amount. */
export function objectionTo(
  { uid, amount }: PayRow,
  { user, order }: CallbackNeighbours,
): HeldReason | undefined {
  if (user.gone !== undefined) return HELD_REASON.userGone;
  // That an order is gone shows when it is informed; then the money goes back.
  if (order.gone !== undefined) return undefined;
  if (order.found.uid !== uid) return HELD_REASON.orderOwner;
  return order.found.amount === amount ? undefined : HELD_REASON.orderAmount;
}

/** Whether a neighbour has something; that it does not answer is still an error. */
async function unlessGone<T>(look: Promise<T>): Promise<Looked<T>> {
  try {
    return { found: await look };
  } catch (error) {
    if (error instanceof AppError && isGone(error)) return { gone: error };
    throw error;
  }
}
