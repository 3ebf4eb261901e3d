import type { RowTransaction } from "@mall/kit/store";
import type { Subject } from "../intent/lock.ts";
import { ACCOUNT } from "../model/ledger-model.ts";
import type { ServiceContext } from "../rpc/context.ts";
import type { Receipt } from "./receipt.ts";

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
