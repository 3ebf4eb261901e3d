import type { Books, LedgerRow } from "./books.ts";
import { ATTEMPT, hasMoney, REFUND } from "./states.ts";
import { Violation } from "./violation.ts";

/** Every entry is in balance, and the accounts say what attempts and refunds say. */
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

function expectedBalances({ attempts, refunds }: Books): Map<string, number> {
  const balances = new Map<string, number>();
  for (const { id, channel, state, received, receivedCurrency, fee, lateFee } of attempts) {
    if (!hasMoney(state)) continue;
    const kept = Math.min(fee, received) + (lateFee ?? 0);
    const back = refunds
      .filter((refund) => refund.attemptId === id && refund.state === REFUND.succeeded)
      .reduce((sum, { amount }) => sum + amount, 0);
    const ours = state === ATTEMPT.succeeded ? "sales" : "suspense";
    add(balances, `channel:${channel} ${receivedCurrency}`, received - kept - back);
    add(balances, `fees ${receivedCurrency}`, kept);
    add(balances, `${ours} ${receivedCurrency}`, back - received);
  }
  return balances;
}

function add(balances: Map<string, number>, account: string, amount: number): void {
  balances.set(account, (balances.get(account) ?? 0) + amount);
}
