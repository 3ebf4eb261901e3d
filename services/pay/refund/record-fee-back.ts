import { mustMove } from "../intent/lock.ts";
import { ACCOUNT } from "../model/ledger-model.ts";
import type { PayRefundRow } from "../model/pay-refund-model.ts";
import { REFUND_STATE } from "../model/refund-state.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { refundNotFound } from "../rpc/errors.ts";

/** Where it is written down. */
type Books = Pick<ServiceContext, "database" | "payModel" | "attemptModel" | "refundModel" | "ledger">;

/**
 * Writes into the books what a channel gave back of its fee with a refund, beside the refund's own entry. Repeated, it
 * changes nothing.
 *
 * @param feeBack minor units of the money that was refunded.
 */
export async function recordFeeBack(
  { database, payModel, attemptModel, refundModel, ledger }: Books,
  { id, payId }: Pick<PayRefundRow, "id" | "payId">,
  feeBack: number,
): Promise<void> {
  await database.transaction(async (tx) => {
    await payModel.lockOne(payId, tx);
    const refund = await refundModel.findOne(id, tx);
    const attempt = refund && (await attemptModel.findOne(refund.attemptId, tx));
    if (refund === undefined || attempt === undefined) throw refundNotFound();
    const { state } = refund;
    if (state !== REFUND_STATE.succeeded || refund.feeBack !== null) return;
    await mustMove(refundModel.update(id, { feeBack }, { expect: { state }, tx }));
    await ledger.post(tx, {
      key: `feeback:${id}`,
      payId,
      currency: attempt.receivedCurrency,
      lines: [
        { account: ACCOUNT.channel(attempt.channel), debit: feeBack },
        { account: ACCOUNT.fees, credit: feeBack },
      ],
    });
  });
}
