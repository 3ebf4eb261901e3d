import { places, type RawRow, readPages, type Snapshot } from "@mall/kit/store";
import { hasMoney } from "../attempt-state.ts";
import { REFUND_STATE } from "../refund-state.ts";
import type { Report } from "./difference.ts";
import {
  acceptLines,
  disputeLines,
  doubtLines,
  type EntryLine,
  feeBackLines,
  feeLines,
  HELD_SQL,
  type MoneyIn,
  receiptLines,
  refundLines,
  returnedLines,
} from "./expected-entry.ts";

/** An entry that must be in the books, or must not where it has no lines. */
interface ExpectedEntry {
  readonly key: string;
  /** What it is about, for the operator. */
  readonly cause: string;
  readonly payId: number;
  readonly currency: string;
  readonly lines: readonly EntryLine[];
}

const ATTEMPTS =
  "SELECT a.id AS id, a.pay_id AS payId, a.out_trade_no AS outTradeNo, a.channel AS channel, a.held AS held, " +
  "a.received_amount AS received, a.received_currency AS receivedCurrency, a.fee AS fee, a.late_fee AS lateFee, a.state AS state, " +
  `pay.id AS owner FROM (SELECT pay_attempt.*, ${HELD_SQL} AS held FROM pay_attempt) a ` +
  "LEFT JOIN pay ON pay.id = a.pay_id WHERE a.id > ?";

const REFUNDS =
  "SELECT r.id AS id, r.pay_id AS payId, r.refund_no AS refundNo, r.amount AS amount, r.fee_back AS feeBack, r.cause AS cause, " +
  "r.state AS state, a.channel AS channel, a.received_currency AS currency, a.pay_id AS owner " +
  "FROM pay_refund r LEFT JOIN pay_attempt a ON a.id = r.attempt_id WHERE r.id > ?";

const DISPUTE_MOVES =
  "SELECT m.id AS id, m.pay_id AS payId, m.channel AS channel, m.dispute_no AS disputeNo, m.amount AS amount, " +
  "m.fee AS fee, m.currency AS currency, a.pay_id AS owner " +
  "FROM pay_dispute_move m LEFT JOIN pay_attempt a ON a.id = m.attempt_id WHERE m.id > ?";

/** The last row of each table that is not looked at, and how many are. */
export interface EntriesOf {
  readonly attempts: number;
  readonly refunds: number;
  readonly disputeMoves: number;
}

/**
 * Compares the entries of every attempt, refund and movement of a dispute behind `from` with the books, line by line; returns how many rows
 * there are.
 */
export async function checkEntries(
  snapshot: Snapshot,
  report: Report,
  from: EntriesOf = { attempts: 0, refunds: 0, disputeMoves: 0 },
): Promise<EntriesOf> {
  const counts = { attempts: 0, refunds: 0, disputeMoves: 0 };
  for await (const rows of readPages(snapshot, { sql: ATTEMPTS, key: "id", from: from.attempts })) {
    counts.attempts += rows.length;
    await compare(snapshot, report, rows.flatMap(entriesOfAttempt));
    for (const { id, payId } of rows.filter(({ owner }) => owner === null)) {
      report({ kind: "ROW_ORPHANED", text: `attempt ${id} is of payment ${payId}, which is not there` });
    }
  }
  for await (const rows of readPages(snapshot, { sql: REFUNDS, key: "id", from: from.refunds })) {
    counts.refunds += rows.length;
    await compare(snapshot, report, rows.flatMap(entriesOfRefund));
    for (const { id, payId } of rows.filter(({ owner, payId }) => owner !== payId)) {
      report({
        kind: "ROW_ORPHANED",
        text: `refund ${id} of payment ${payId} has no attempt of that payment`,
      });
    }
  }
  for await (const rows of readPages(snapshot, { sql: DISPUTE_MOVES, key: "id", from: from.disputeMoves })) {
    counts.disputeMoves += rows.length;
    await compare(snapshot, report, rows.map(entryOfDispute));
    for (const { id, payId } of rows.filter(({ owner, payId }) => owner !== payId)) {
      report({
        kind: "ROW_ORPHANED",
        text: `movement ${id} of a dispute of payment ${payId} has no attempt of that payment`,
      });
    }
  }
  return counts;
}

function entriesOfAttempt(row: RawRow): ExpectedEntry[] {
  const { id, outTradeNo, channel, receivedCurrency } = row;
  const payId = Number(row.payId);
  const state = Number(row.state);
  const received = Number(row.received);
  const money: MoneyIn = {
    channel: String(channel),
    state,
    held: Number(row.held),
    received,
    fee: Math.min(Number(row.fee), received),
    lateFee: Number(row.lateFee ?? 0),
  };
  const has = hasMoney(state);
  const cause = `attempt ${id} (${channel} ${outTradeNo}, payment ${payId})`;
  const common = { cause, payId, currency: String(receivedCurrency) };
  return [
    { ...common, key: `receipt:${id}`, lines: has ? receiptLines(money) : [] },
    { ...common, key: `fee:${id}`, lines: has ? feeLines(money) : [] },
    { ...common, key: `doubt:${id}`, lines: has ? doubtLines(money) : [] },
    { ...common, key: `accept:${id}`, lines: has ? acceptLines(money) : [] },
  ];
}

function entriesOfRefund(row: RawRow): ExpectedEntry[] {
  const { id, refundNo, channel, currency } = row;
  const payId = Number(row.payId);
  const sums = { amount: Number(row.amount), feeBack: Number(row.feeBack ?? 0) };
  const money = { channel: String(channel), cause: String(row.cause), ...sums };
  const cause = `refund ${id} (${channel} ${refundNo}, payment ${payId})`;
  const common = { cause, payId, currency: String(currency) };
  const isMade = Number(row.state) === REFUND_STATE.succeeded;
  return [
    { ...common, key: `refund:${id}`, lines: isMade ? refundLines(money) : [] },
    { ...common, key: `feeback:${id}`, lines: isMade ? feeBackLines(money) : [] },
    { ...common, key: `returned:${id}`, lines: returnedLines(money) },
  ];
}

function entryOfDispute(row: RawRow): ExpectedEntry {
  const { id, disputeNo, currency } = row;
  const payId = Number(row.payId);
  const money = { channel: String(row.channel), amount: Number(row.amount), fee: Number(row.fee) };
  const cause = `movement ${id} of dispute ${disputeNo} (${money.channel}, payment ${payId})`;
  return { key: `dispute:${id}`, cause, payId, currency: String(currency), lines: disputeLines(money) };
}

async function compare(snapshot: Snapshot, report: Report, entries: readonly ExpectedEntry[]): Promise<void> {
  const keys = entries.map(({ key }) => key);
  const sql =
    "SELECT txn_key AS txnKey, account, debit, credit, currency, pay_id AS payId FROM ledger_entry " +
    `WHERE txn_key IN (${places(keys)}) ORDER BY txn_key, line`;
  const written = Map.groupBy(await snapshot.read({ sql, parameters: keys }), ({ txnKey }) => String(txnKey));
  for (const entry of entries) compareEntry(report, entry, written.get(entry.key) ?? []);
}

function compareEntry(report: Report, expected: ExpectedEntry, written: readonly RawRow[]): void {
  const { key, cause, payId, currency, lines } = expected;
  const should = lines.map((line) => lineText({ ...line, currency, payId })).join("; ");
  const is = written.map(lineText).join("; ");
  if (should === is) return;
  if (is === "") report({ kind: "ENTRY_MISSING", text: `${cause} needs ${key}: ${should}` });
  else if (should === "") report({ kind: "ENTRY_WITHOUT_CAUSE", text: `${cause} has ${key}: ${is}` });
  else report({ kind: "ENTRY_WRONG", text: `${cause} needs ${key}: ${should}; in the books: ${is}` });
}

function lineText({ account, debit, credit, currency, payId }: Readonly<Record<string, unknown>>): string {
  return `${account} debit ${debit} credit ${credit} ${currency} of payment ${payId}`;
}
