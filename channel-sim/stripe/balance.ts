import type { BalanceTransaction, ReportingCategory } from "./objects.ts";
import type { Unit } from "./unit.ts";

const AVAILABLE_S = 7 * 86_400;

/** What an entry of the balance is for; of the fee's words only the type is Stripe's to the letter. */
const FEES: Readonly<Record<BalanceTransaction["type"], string>> = {
  charge: "Stripe processing fees",
  refund: "Stripe processing fees",
  refund_failure: "Stripe processing fees",
  adjustment: "Dispute fee",
};

interface Entry extends Pick<BalanceTransaction, "amount" | "fee" | "source" | "type" | "currency"> {
  /** When it comes to be, where that is later than now; milliseconds since the Unix epoch. */
  readonly toldAt?: number | undefined;
}

/** Writes an entry of the balance. */
export function bookBalance(unit: Unit, { toldAt, ...entry }: Entry): BalanceTransaction {
  const { amount, fee, currency, type } = entry;
  const detail = { amount: fee, application: null, currency, description: FEES[type], type: "stripe_fee" };
  const created = toldAt === undefined ? unit.seconds : Math.floor(toldAt / 1000);
  return unit.put({
    ...entry,
    id: unit.newId("txn"),
    object: "balance_transaction" as const,
    available_on: created + AVAILABLE_S,
    balance_type: "payments" as const,
    created,
    description: null,
    exchange_rate: null,
    fee_details: fee === 0 ? [] : [detail],
    net: amount - fee,
    reporting_category: categoryOf(entry),
    status: "pending" as const,
    sim: { account: unit.account.id, toldAt },
  });
}

/** Adjustments are those of disputes, which take money or give it back. */
function categoryOf({ type, amount }: Entry): ReportingCategory {
  if (type !== "adjustment") return type;
  return amount < 0 ? "dispute" : "dispute_reversal";
}
