import type { Transaction } from "@mall/kit/store";
import { type Consent, MONEY_ACT } from "../approval/consent.ts";
import type { PayApprovalRow } from "../model/pay-approval-model.ts";
import type { PayRefundRow } from "../model/pay-refund-model.ts";
import { ASKED_STATES, isOfSuccess, REFUND_CAUSE, REFUND_STATE } from "../model/refund-state.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { refundMustBeMade, refundNotByHand } from "../rpc/errors.ts";
import { failRefund } from "./fail-refund.ts";
import { finishRefund } from "./finish-refund.ts";
import { lockRefund, type RefundSubject } from "./lock-refund.ts";

/** How a refund ended that was made by hand. */
interface SaidOutcome {
  readonly refund: PayRefundRow;
  readonly succeeded: boolean;
}

/** The refund where it is made by now and was not before, or what waits for a second person. */
interface Settled {
  readonly made?: RefundSubject;
  readonly waits?: PayApprovalRow;
}

/** Takes somebody's word for how a refund by hand ended; said again, nothing changes. */
export async function settleRefund(
  context: ServiceContext,
  tx: Transaction,
  { refund, succeeded }: SaidOutcome,
  consent: Consent,
): Promise<Settled> {
  const subject = await lockRefund(context, tx, refund);
  const { state, cause, channelRefundNo } = subject.refund;
  if (state === (succeeded ? REFUND_STATE.succeeded : REFUND_STATE.failed)) return {};
  const isGone = ASKED_STATES.includes(state) && !context.channels.has(subject.attempt.channel);
  if (state !== REFUND_STATE.byHand && !isGone) throw refundNotByHand();
  if (succeeded) {
    const waits = await consent(tx, moneyOf(subject));
    if (waits !== undefined) return { waits };
    await finishRefund(context, tx, subject, channelRefundNo);
    return { made: subject };
  }
  // Nobody is owed what staff wanted to send back; all other money is somebody's who has nothing for it.
  if (cause !== REFUND_CAUSE.request) throw refundMustBeMade();
  await failRefund(context, tx, subject, "not made, as somebody says");
  return {};
}

function moneyOf({ pay, attempt, refund }: RefundSubject) {
  const { refundNo, amount, cause, reason } = refund;
  const earlier = isOfSuccess(cause) ? pay.refundedAmount : 0;
  const currency = attempt.receivedCurrency;
  return { act: MONEY_ACT.settle, pay, amount, earlier, currency, refundNo, reason };
}
