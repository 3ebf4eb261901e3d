import type { Books, LedgerRow, RefundRow } from "./books.ts";
import { ATTEMPT, hasMoney, isReturned, REFUND } from "./states.ts";
import { Violation } from "./violation.ts";

/** Every entry is in balance, and the accounts say what attempts, refunds and disputes say. */
export function checkLedger(books: Books): void {
  const { ledger } = books;
  for (const [txn, lines] of Map.groupBy(ledger, (row) => row.txn)) {
    const balance = lines.reduce((sum, { debit, credit }) => sum + debit - credit, 0);
    if (balance !== 0) throw new Violation("ledger", `${txn} is out of balance by ${balance}`);
  }
  const expected = expectedBalances(books);
  const actual = actualBalances(ledger);
  for (const account of new Set([...expected.keys(), ...actual.keys()])) {
    const [should, is] = [expected.get(account) ?? 0, actual.get(account) ?? 0];
    if (should !== is) throw new Violation("ledger", `${account} is ${is}, by the payments ${should}`);
  }
}

/** Debits less credits, by account and currency. */
function actualBalances(ledger: readonly LedgerRow[]): Map<string, number> {
  const balances = new Map<string, number>();
  for (const { account, currency, debit, credit } of ledger)
    add(balances, `${account} ${currency}`, debit - credit);
  return balances;
}

function expectedBalances({ attempts, refunds, disputeMoves }: Books): Map<string, number> {
  const balances = new Map<string, number>();
  for (const { id, channel, state, received, receivedCurrency, fee, lateFee } of attempts) {
    if (!hasMoney(state)) continue;
    const kept = Math.min(fee, received) + (lateFee ?? 0);
    const own = refunds.filter(({ attemptId }) => attemptId === id);
    const made = own.filter((refund) => refund.state === REFUND.succeeded);
    const back = sum(made.filter((refund) => !isReturned(refund)));
    // Until it is made another way.
    const owed = sum(own.filter(isReturned)) - sum(made.filter(isReturned));
    const ours = state === ATTEMPT.succeeded ? "sales" : "suspense";
    add(balances, `channel:${channel} ${receivedCurrency}`, received - kept - back + owed);
    add(balances, `fees ${receivedCurrency}`, kept);
    add(balances, `${ours} ${receivedCurrency}`, back - received);
    add(balances, `suspense ${receivedCurrency}`, -owed);
  }
  for (const { channel, amount, fee, currency } of disputeMoves) {
    add(balances, `channel:${channel} ${currency}`, amount - fee);
    add(balances, `fees ${currency}`, fee);
    add(balances, `disputes ${currency}`, -amount);
  }
  return balances;
}

function sum(refunds: readonly RefundRow[]): number {
  return refunds.reduce((total, { amount }) => total + amount, 0);
}

function add(balances: Map<string, number>, account: string, amount: number): void {
  balances.set(account, (balances.get(account) ?? 0) + amount);
}
