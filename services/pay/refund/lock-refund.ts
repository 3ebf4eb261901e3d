import type { Transaction } from "@mall/kit/store";
import type { PayAttemptRow } from "../model/pay-attempt-model.ts";
import type { PayRow } from "../model/pay-model.ts";
import type { PayRefundRow } from "../model/pay-refund-model.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { payNotFound, refundNotFound } from "../rpc/errors.ts";

/** A refund with what it is of, locked by the transaction that decides. */
export interface RefundSubject {
  readonly pay: PayRow;
  readonly attempt: PayAttemptRow;
  readonly refund: PayRefundRow;
}

/** Locks the payment of a refund, and reads the refund as it is then. */
export async function lockRefund(
  { payModel, attemptModel, refundModel }: ServiceContext,
  tx: Transaction,
  { id, payId, attemptId }: Pick<PayRefundRow, "id" | "payId" | "attemptId">,
): Promise<RefundSubject> {
  const pay = await payModel.lockOne(payId, tx);
  const attempt = await attemptModel.findOne(attemptId, tx);
  const refund = await refundModel.findOne(id, tx);
  if (pay === undefined || attempt === undefined) throw payNotFound();
  if (refund === undefined) throw refundNotFound();
  return { pay, attempt, refund };
}
