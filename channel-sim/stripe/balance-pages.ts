import { spoiltLines } from "../core/bill-faults.ts";
import { bookBalance } from "./balance.ts";
import { testCard } from "./cards.ts";
import { sourceKindOf } from "./expand.ts";
import { feeOf, newCharge, newIntent } from "./intents.ts";
import { type Created, list } from "./lists.ts";
import type { BalanceTransaction } from "./objects.ts";
import { stripeRequests } from "./requests.ts";
import type { Unit } from "./unit.ts";

const FOREIGN_AMOUNT = "100";
const FOREIGN_CARD = "4242424242424242";

/** The account's balance, entry by entry: Stripe's bill. */
export const balancePages = list({
  kind: "balance_transaction",
  path: "/v1/balance_transactions",
  schema: stripeRequests.balancePage,
  tell: spoiltPage,
});

async function spoiltPage(
  unit: Unit,
  page: readonly BalanceTransaction[],
  created: Created,
): Promise<readonly BalanceTransaction[]> {
  const { core } = unit;
  if (!core.faults.waiting.some(({ fault }) => fault.startsWith("bill."))) return page;
  const lines = await Promise.all(
    page.map(async (entry) => ({ entry, outTradeNo: await intentOf(unit, entry) })),
  );
  const told = spoiltLines(core, lines, {
    channel: "stripe",
    outTradeNoOf: ({ outTradeNo }) => outTradeNo,
    otherAmount: (line) => {
      const { amount, net } = line.entry;
      return { ...line, entry: { ...line.entry, amount: amount + 1, net: net + 1 } };
    },
    foreign: () => {
      const currency = page[0]?.currency ?? "usd";
      return [{ entry: bookForeign(unit, currency, created), outTradeNo: "" }];
    },
  });
  return told.map(({ entry }) => entry);
}

/** The PaymentIntent that an entry comes from. */
async function intentOf(unit: Unit, { source }: BalanceTransaction): Promise<string> {
  const kind = sourceKindOf(source);
  const found = kind && (await unit.find(kind, source));
  return found?.payment_intent ?? "";
}

/**
 * A payment that the merchant never made, within the time that was asked for. It stays, as a page begins after an entry
 * of the last one, and as an entry's source can be asked for.
 */
function bookForeign(
  unit: Unit,
  currency: string,
  { lt = Number.POSITIVE_INFINITY, lte = lt - 1 }: Created,
): BalanceTransaction {
  const created = Math.min(unit.seconds, lte);
  const card = testCard(FOREIGN_CARD);
  if (card === undefined) throw new Error(`${FOREIGN_CARD} is no test card any more`);
  const request = stripeRequests.createIntent.parse({ amount: FOREIGN_AMOUNT, currency });
  const intent = { ...newIntent(unit, request), created };
  const { amount } = intent;
  const charge = {
    ...newCharge(unit, intent, card, amount),
    created,
    captured: true,
    amount_captured: amount,
  };
  const fee = feeOf(amount);
  const booked = bookBalance(unit, { amount, fee, source: charge.id, type: "charge", currency });
  const entry = unit.put({ ...booked, created });
  unit.put({ ...charge, balance_transaction: entry.id });
  unit.put({
    ...intent,
    status: "succeeded" as const,
    amount_received: amount,
    latest_charge: charge.id,
  });
  return entry;
}
