import type { Call } from "@mall/kit/call";
import type { JobInfo } from "@mall/kit/jobs";
import { ATTEMPT_STATE } from "../model/attempt-state.ts";
import { HELD_REASON, mayRefund, PAY_STATUS } from "../model/pay-state.ts";
import { REFUND_CAUSE } from "../model/refund-state.ts";
import { doubtSuccess } from "../receipt/doubt-success.ts";
import { giveBackRest } from "../refund/give-back-rest.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { notDecidedYet } from "../rpc/errors.ts";
import type { PayPayload } from "../rpc/pay-jobs.ts";
import { tellOrderPaid } from "./tell-order.ts";

/**
 * Tells the order that it is paid. One that cannot be had any more costs nothing: all that came for it goes back, and
 * from then on the order is not tried again. For one that costs something else by now the money is held, and whoever
 * decides about that tells it anew. Where all went back already there is nothing to tell.
 *
 * @param job the attempt at it; undefined where somebody else than the queue asks, who may have asked before.
 * @throws AppError ABORTED NOT_DECIDED_YET for a payment without its success, which may yet have it.
 */
export async function orderPaid(
  context: ServiceContext,
  call: Call,
  payload: PayPayload,
  job?: JobInfo,
): Promise<void> {
  const { payId } = payload;
  const pay = await context.payModel.findOne(payId);
  if (pay?.status === PAY_STATUS.refunded) return;
  if (pay === undefined || !mayRefund(pay.status)) {
    if (await wasRefused(context, payload)) return;
    throw notDecidedYet();
  }
  const { oid: id, amount } = pay;
  const isGone = !isFirst(payload, job) && (await wasGone(context, payId));
  const told = isGone ? "gone" : await tellOrderPaid(context, call, { id, amount });
  if (told === "gone") await giveBackRest(context, payId);
  if (told === "mismatch") await doubtSuccess(context, payId);
}

/** Whether the order has not been informed yet: only doing so shows whether it is gone. */
function isFirst({ after }: PayPayload, job: JobInfo | undefined): boolean {
  return after === undefined && job?.attempts === 1;
}

/** Whether the order was found gone before, so that the money goes back. */
async function wasGone({ refundModel }: ServiceContext, payId: number): Promise<boolean> {
  return (await refundModel.findByCause(payId, REFUND_CAUSE.orderGone)).length > 0;
}

/** Whether the order has heard of this very success, and refused it. */
async function wasRefused({ attemptModel }: ServiceContext, { payId, after }: PayPayload): Promise<boolean> {
  const attempts = await attemptModel.findByPay(payId);
  return attempts.some(
    ({ id, state, heldReason }) =>
      heldReason === HELD_REASON.orderRefused &&
      state !== ATTEMPT_STATE.succeeded &&
      (after === undefined || after === `success-${id}`),
  );
}
