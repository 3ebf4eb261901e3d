import { fitText } from "@mall/kit/store";
import { ACCOUNT } from "../model/ledger-model.ts";
import type { PayRefundRow } from "../model/pay-refund-model.ts";
import { REFUND_CAUSE, REFUND_STATE } from "../model/refund-state.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { AUTOMATIC } from "./begin-refund.ts";
import { lockRefund } from "./lock-refund.ts";

const REASON_LENGTH_MAX = 255;

/**
 * Writes down that a channel has the money of a refund again that it had made, since the buyer's bank did not take it.
 * It is still the buyer's: it stands on suspense, and waits as a refund by hand until somebody sends it another way.
 * The payment and its order stay as the refund made them. Repeated, it changes nothing.
 */
export async function recordReturned(context: ServiceContext, refund: PayRefundRow): Promise<void> {
  const source = await context.database.transaction(async (tx) => {
    const { attempt, refund: made } = await lockRefund(context, tx, refund);
    const refundNo = `${AUTOMATIC.returned}${made.id}`;
    const isKnown = (await context.refundModel.findByNo(refundNo, tx)) !== undefined;
    if (made.state !== REFUND_STATE.succeeded || isKnown) return undefined;
    const { payId, attemptId, amount } = made;
    const reason = fitText(`refund ${made.refundNo} came back`, REASON_LENGTH_MAX);
    const row = { refundNo, payId, attemptId, amount, cause: REFUND_CAUSE.returned, reason };
    const id = await context.refundModel.insert({ ...row, state: REFUND_STATE.byHand }, tx);
    await context.ledger.post(tx, {
      key: `returned:${id}`,
      payId,
      currency: attempt.receivedCurrency,
      lines: [
        { account: ACCOUNT.channel(attempt.channel), debit: amount },
        { account: ACCOUNT.suspense, credit: amount },
      ],
    });
    return attempt.source;
  });
  if (source !== undefined) context.metrics.refundFailed(source, REFUND_CAUSE.returned);
}
