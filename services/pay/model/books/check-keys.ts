import { places, readPages, type Snapshot } from "@mall/kit/store";
import type { Report } from "./difference.ts";

const BALANCES =
  "SELECT txn_key, SUM(debit) AS debit, SUM(credit) AS credit FROM ledger_entry WHERE txn_key > ?";

/** The tables of which entries tell; what stands behind the colon is an id. */
const TABLE_OF: Readonly<Record<string, string>> = {
  receipt: "pay_attempt",
  fee: "pay_attempt",
  doubt: "pay_attempt",
  accept: "pay_attempt",
  refund: "pay_refund",
  feeback: "pay_refund",
  returned: "pay_refund",
  dispute: "pay_dispute_move",
};

/** Finds entries that are out of balance, and those without a cause; returns how many entries there are. */
export async function checkKeys(snapshot: Snapshot, report: Report): Promise<number> {
  let entries = 0;
  const select = { sql: BALANCES, key: "txn_key", tail: "GROUP BY txn_key", from: "" };
  for await (const rows of readPages(snapshot, select)) {
    entries += rows.length;
    for (const { txn_key, debit, credit } of rows) {
      if (Number(debit) === Number(credit)) continue;
      report({ kind: "UNBALANCED", text: `entry ${txn_key} has debit ${debit} and credit ${credit}` });
    }
    const keys = rows.map(({ txn_key }) => String(txn_key));
    for (const key of await withoutRow(snapshot, keys)) {
      report({ kind: "ENTRY_WITHOUT_CAUSE", text: `entry ${key} is about something that does not exist` });
    }
  }
  return entries;
}

async function withoutRow(snapshot: Snapshot, keys: readonly string[]): Promise<string[]> {
  const parsed = keys.map(parseKey);
  const known = new Set<string>();
  for (const table of new Set(Object.values(TABLE_OF))) {
    const ids = parsed.flatMap((key) => (key !== undefined && key.table === table ? [key.id] : []));
    if (ids.length === 0) continue;
    const sql = `SELECT id FROM ${table} WHERE id IN (${places(ids)})`;
    for (const { id } of await snapshot.read({ sql, parameters: ids })) known.add(`${table} ${id}`);
  }
  return keys.filter((_key, index) => {
    const key = parsed[index];
    return key === undefined || !known.has(`${key.table} ${key.id}`);
  });
}

function parseKey(key: string): { table: string; id: number } | undefined {
  const [, kind = "", digits = ""] = /^([a-z]+):([1-9]\d*)$/.exec(key) ?? [];
  const table = TABLE_OF[kind];
  const id = Number(digits);
  return table === undefined || !Number.isSafeInteger(id) ? undefined : { table, id };
}
