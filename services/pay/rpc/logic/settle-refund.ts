import type { Call } from "@mall/kit/call";
import type { Transaction } from "@mall/kit/store";
import { actOnPay } from "../../intent/act-on-pay.ts";
import type { PayRefundRow } from "../../model/pay-refund-model.ts";
import { ASKED_STATES, REFUND_CAUSE, REFUND_STATE } from "../../model/refund-state.ts";
import {
  countRefunded,
  failRefund,
  finishRefund,
  lockRefund,
  type RefundSubject,
} from "../../refund/record-refund.ts";
import type { ServiceContext } from "../context.ts";
import { refundMustBeMade, refundNotByHand, refundNotFound } from "../errors.ts";
import type { SettleRefundRequest, SettleRefundResponse } from "../gen/pay.ts";

/**
 * Takes somebody's word for how a refund ended that no channel can be asked to make, also because its account is not
 * configured any more; said again, nothing changes.
 */
export async function settleRefund(
  context: ServiceContext,
  call: Call,
  request: SettleRefundRequest,
): Promise<SettleRefundResponse> {
  return context.idempotency.once<SettleRefundResponse>(call, request, async (commit) => {
    const { refundNo, succeeded } = request;
    const refund = await context.refundModel.findOneByRefundNo(refundNo);
    if (refund === undefined) throw refundNotFound();
    return commit.transaction(async (tx) => {
      const act = { tx, payId: refund.payId, refundNo, alsoUnnamed: true } as const;
      const made = await actOnPay(context, call, act, () => settle(context, tx, refund, succeeded));
      return { answer: {}, after: made && (() => countRefunded(context, made)) };
    });
  });
}

/** The refund where it is made and was not before. */
async function settle(
  context: ServiceContext,
  tx: Transaction,
  { id, payId, attemptId }: PayRefundRow,
  succeeded: boolean,
): Promise<RefundSubject | undefined> {
  const subject = await lockRefund(context, tx, { id, payId, attemptId });
  const { state, cause, channelRefundNo } = subject.refund;
  if (state === (succeeded ? REFUND_STATE.succeeded : REFUND_STATE.failed)) return undefined;
  const isGone = ASKED_STATES.includes(state) && !context.channels.has(subject.attempt.channel);
  if (state !== REFUND_STATE.byHand && !isGone) throw refundNotByHand();
  if (succeeded) {
    await finishRefund(context, tx, subject, channelRefundNo);
    return subject;
  }
  // Nobody is owed what staff wanted to send back; all other money is somebody's who has nothing for it.
  if (cause !== REFUND_CAUSE.request) throw refundMustBeMade();
  await failRefund(context, tx, subject, "not made, as somebody says");
  return undefined;
}
