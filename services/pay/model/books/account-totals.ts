import type { Snapshot } from "@mall/kit/store";
import { REFUND_CAUSE, REFUND_STATE } from "../refund-state.ts";
import type { Report } from "./difference.ts";
import {
  acceptLines,
  disputeLines,
  doubtLines,
  type EntryLine,
  feeBackLines,
  feeLines,
  HELD_SQL,
  type MoneyBack,
  receiptLines,
  refundLines,
  returnedLines,
  STATES_WITH_MONEY,
} from "./expected-entry.ts";

/** All that stands on an account in one currency, minor units. */
export interface AccountTotal {
  readonly account: string;
  readonly currency: string;
  readonly debit: number;
  readonly credit: number;
  /** Debits less credits that attempts, refunds and disputes come to. */
  readonly byPayments: number;
}

const LEDGER =
  "SELECT account, currency, SUM(debit) AS debit, SUM(credit) AS credit FROM ledger_entry GROUP BY account, currency";

const RECEIVED =
  `SELECT channel, state, received_currency AS currency, ${HELD_SQL} AS held, SUM(received_amount) AS received, ` +
  "SUM(CASE WHEN fee < received_amount THEN fee ELSE received_amount END) AS fee, SUM(COALESCE(late_fee, 0)) AS lateFee FROM pay_attempt " +
  `WHERE state IN (${STATES_WITH_MONEY.join(", ")}) GROUP BY channel, state, received_currency, ${HELD_SQL}`;

const refundsWhere = (which: string): string =>
  "SELECT a.channel AS channel, a.received_currency AS currency, r.cause AS cause, SUM(r.amount) AS amount, SUM(COALESCE(r.fee_back, 0)) AS feeBack " +
  "FROM pay_refund r JOIN pay_attempt a ON a.id = r.attempt_id " +
  `WHERE ${which} GROUP BY a.channel, a.received_currency, r.cause`;
const REFUNDED = refundsWhere(`r.state = ${REFUND_STATE.succeeded}`);
const RETURNED = refundsWhere(`r.cause = '${REFUND_CAUSE.returned}'`);

const DISPUTED =
  "SELECT channel, currency, SUM(amount) AS amount, SUM(fee) AS fee FROM pay_dispute_move GROUP BY channel, currency";

/** Compares each account with the sum of what attempts, refunds and disputes say, apart from all single entries. */
export async function totalAccounts(snapshot: Snapshot, report: Report): Promise<AccountTotal[]> {
  const expected = await expectedBalances(snapshot);
  const written = await snapshot.read({ sql: LEDGER, parameters: [] });
  const totals = written.map(({ account, currency, debit, credit }) => {
    const names = { account: String(account), currency: String(currency) };
    const key = keyOf(names);
    const byPayments = expected.get(key) ?? 0;
    expected.delete(key);
    return { ...names, debit: Number(debit), credit: Number(credit), byPayments };
  });
  for (const [key, byPayments] of expected) {
    const [account = "", currency = ""] = key.split(" ");
    totals.push({ account, currency, debit: 0, credit: 0, byPayments });
  }
  const sorted = totals.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  for (const total of sorted) reportTotal(report, total);
  return sorted;
}

function reportTotal(report: Report, { account, currency, debit, credit, byPayments }: AccountTotal): void {
  const balance = debit - credit;
  if (balance === byPayments) return;
  const text = `account ${account} stands at ${balance} ${currency}, by attempts, refunds and disputes at ${byPayments}`;
  report({ kind: "TOTAL", text });
}

async function expectedBalances(snapshot: Snapshot): Promise<Map<string, number>> {
  const balances = new Map<string, number>();
  const add = (currency: string, lines: readonly EntryLine[]): void => {
    for (const { account, debit, credit } of lines) {
      const key = keyOf({ account, currency });
      balances.set(key, (balances.get(key) ?? 0) + debit - credit);
    }
  };
  for (const row of await snapshot.read({ sql: RECEIVED, parameters: [] })) {
    const sums = { received: Number(row.received), fee: Number(row.fee), lateFee: Number(row.lateFee) };
    const kinds = { channel: String(row.channel), state: Number(row.state), held: Number(row.held) };
    const money = { ...kinds, ...sums };
    add(
      String(row.currency),
      [receiptLines, feeLines, doubtLines, acceptLines].flatMap((lines) => lines(money)),
    );
  }
  for (const { sql, linesOf } of [
    { sql: REFUNDED, linesOf: (money: MoneyBack) => [...refundLines(money), ...feeBackLines(money)] },
    { sql: RETURNED, linesOf: returnedLines },
  ]) {
    for (const { channel, currency, cause, ...sums } of await snapshot.read({ sql, parameters: [] })) {
      const names = { channel: String(channel), cause: String(cause) };
      add(
        String(currency),
        linesOf({ ...names, amount: Number(sums.amount), feeBack: Number(sums.feeBack) }),
      );
    }
  }
  for (const { channel, currency, amount, fee } of await snapshot.read({ sql: DISPUTED, parameters: [] })) {
    const money = { channel: String(channel), amount: Number(amount), fee: Number(fee) };
    add(String(currency), disputeLines(money));
  }
  return balances;
}

function keyOf({ account, currency }: { readonly account: string; readonly currency: string }): string {
  return `${account} ${currency}`;
}
