import type { BalanceTransaction } from "./objects.ts";
import type { Unit } from "./unit.ts";

const AVAILABLE_S = 7 * 86_400;

/** What an entry of the balance is for; of the fee's words only the type is Stripe's to the letter. */
const FEES: Readonly<Record<BalanceTransaction["type"], string>> = {
  charge: "Stripe processing fees",
  refund: "Stripe processing fees",
  adjustment: "Dispute fee",
};

/** Writes an entry of the balance. */
export function bookBalance(
  unit: Unit,
  entry: Pick<BalanceTransaction, "amount" | "fee" | "source" | "type" | "currency">,
): BalanceTransaction {
  const { amount, fee, currency, type } = entry;
  const detail = { amount: fee, application: null, currency, description: FEES[type], type: "stripe_fee" };
  return unit.put({
    ...entry,
    id: unit.newId("txn"),
    object: "balance_transaction" as const,
    available_on: unit.seconds + AVAILABLE_S,
    created: unit.seconds,
    exchange_rate: null,
    fee_details: fee === 0 ? [] : [detail],
    net: amount - fee,
    status: "pending" as const,
    sim: { account: unit.account.id },
  });
}
