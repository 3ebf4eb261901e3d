import type { JobTicket } from "@mall/kit/jobs";
import type { RowTransaction } from "@mall/kit/store";
import type { Subject } from "../intent/lock.ts";
import { ACCOUNT } from "../model/ledger-model.ts";
import type { HeldReason } from "../model/pay-state.ts";
import type { ServiceContext } from "../rpc/context.ts";

/** What came for an attempt, in minor units. */
export interface Receipt {
  /** The channel's number of the trade. */
  readonly tradeNo: string;
  readonly amount: number;
  readonly currency: string;
  /** What the channel keeps of it. */
  readonly fee: number;
  /** Why it is held although it is what was asked for. */
  readonly objection?: HeldReason | undefined;
}

/** What became of money: `known` had been taken before. */
export interface Taken {
  readonly outcome: "paid" | "surplus" | "held" | "known";
  /** How money we know already was booked, if not as the success. */
  readonly known?: "surplus" | "held";
  /** Why it is held. */
  readonly heldReason?: string;
  /** Of the attempt: what the payment says of a success. */
  readonly source: number;
  /** What came. */
  readonly amount: number;
  readonly currency: string;
  /** The order's hearing of a success. */
  readonly told?: JobTicket;
}

/** What follows once the transaction of some money is committed: it is counted, and its order is informed. */
export async function afterTaken(context: ServiceContext, taken: Taken): Promise<void> {
  countTaken(context, taken);
  await taken.told?.settled();
}

/** Counts what became of money, once its transaction has been committed. */
export function countTaken({ metrics }: ServiceContext, taken: Taken): void {
  const { outcome, source } = taken;
  if (outcome === "paid") metrics.succeeded(source, taken);
  if (outcome === "held") metrics.held(source, taken);
  if (outcome === "surplus") metrics.surplus(source, taken);
}

/** Writes down that a channel has money of ours, less its fee, and on which account it is ours. */
export async function bookReceipt(
  { ledger }: ServiceContext,
  tx: RowTransaction,
  { pay, attempt }: Subject,
  { receipt, account }: { readonly receipt: Omit<Receipt, "tradeNo">; readonly account: string },
): Promise<void> {
  const { amount, currency } = receipt;
  const fee = Math.min(receipt.fee, amount);
  await ledger.post(tx, {
    key: `receipt:${attempt.id}`,
    payId: pay.id,
    currency,
    lines: [
      { account: ACCOUNT.channel(attempt.channel), debit: amount - fee },
      ...(fee === 0 ? [] : [{ account: ACCOUNT.fees, debit: fee }]),
      { account, credit: amount },
    ],
  });
}
