import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { askAttempt } from "../../attempt/ask-attempt.ts";
import { takeSync } from "../../attempt/asking-limits.ts";
import { isFree, isPayable } from "../../intent/payable.ts";
import { settleWaiting } from "../../intent/settle-free.ts";
import { ATTEMPT_STATE, isOpen } from "../../model/attempt-state.ts";
import type { PayAttemptRow } from "../../model/pay-attempt-model.ts";
import type { PayRow } from "../../model/pay-model.ts";
import type { PayRefundRow } from "../../model/pay-refund-model.ts";
import { ASKED_STATES } from "../../model/refund-state.ts";
import { isGone } from "../../orders/tell-order.ts";
import { lookAgain } from "../../refund/look-again.ts";
import { pursueRefund } from "../../refund/pursue-refund.ts";
import type { ServiceContext } from "../context.ts";
import { payNotFound } from "../errors.ts";
import type { DetailResponse, SyncRequest } from "../gen/pay.ts";
import { toDetail } from "./detail.ts";

/**
 * Asks the channels now where a payment's attempts and refunds stand, and tells the payment after that.
 *
 * @throws AppError RESOURCE_EXHAUSTED PAY_SYNC_LIMITED where they were asked about it too often.
 */
export async function sync(
  context: ServiceContext,
  call: Call,
  request: SyncRequest,
): Promise<DetailResponse> {
  const attempts = await context.attemptModel.findByPay(request.id);
  const asked = attempts.filter(mayTell);
  const refunds = await refundsToAsk(context, request.id, attempts);
  if (asked.length + refunds.length > 0) await takeSync(context.askingLimits, request.id);
  for (const attempt of asked) await askAttempt(context, call, attempt);
  for (const refund of refunds) {
    await pursueRefund(context, call, refund.id);
    await lookAgain(context, call, refund);
  }
  const pay = await context.payModel.findOne(request.id);
  if (pay === undefined) throw payNotFound();
  if (!isFree(pay) || !(await settleIfWanted(context, call, pay))) return toDetail(pay);
  return toDetail((await context.payModel.findOne(pay.id)) ?? pay);
}

/** A payment without attempts has no channel to ask; its order shows whether it is still wanted. */
async function settleIfWanted(context: ServiceContext, call: Call, pay: PayRow): Promise<boolean> {
  try {
    const order = await context.orderRpc.detail(call, { id: pay.oid });
    const isWanted = isPayable(order) && order.amount === pay.amount && order.uid === pay.uid;
    return isWanted && (await settleWaiting(context, pay.id));
  } catch (error) {
    if (error instanceof AppError && isGone(error)) return false;
    throw error;
  }
}

/** Those that were not made, as far as is known here; of one that is over, only a channel that is there can tell more. */
async function refundsToAsk(
  { refundModel, channels }: ServiceContext,
  payId: number,
  attempts: readonly PayAttemptRow[],
): Promise<PayRefundRow[]> {
  const channelOf = new Map(attempts.map(({ id, channel }) => [id, channel]));
  const refunds = await refundModel.findUnmade(payId);
  return refunds.filter(
    ({ state, attemptId }) => ASKED_STATES.includes(state) || channels.has(channelOf.get(attemptId) ?? ""),
  );
}

/** A closed one too: money may have come while it was being closed. */
function mayTell({ state }: PayAttemptRow): boolean {
  return isOpen(state) || state === ATTEMPT_STATE.closed;
}
