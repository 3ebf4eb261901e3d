import { type Database, type MigrationSet, migrateToLatest, type StatementRunner } from "@mall/kit/store";
import type { BankChanges, BankNotice, BankStore } from "./bank-store.ts";
import type { BankTrade } from "./trade.ts";

/** The bank's two tables; records are JSON, since only the bank reads them. */
const migrations: MigrationSet = {
  owner: "sandbox",
  migrations: [
    {
      name: "0001-bank",
      mysql: [],
      sqlite: [
        "CREATE TABLE bank_trade (out_trade_no TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT",
        "CREATE TABLE bank_notice (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, record TEXT NOT NULL) STRICT",
      ],
    },
  ],
};

/** Stores a bank's records in a SQLite database of its own, creating the tables if needed. */
export async function openSqliteBankStore(database: Database): Promise<BankStore> {
  await migrateToLatest(database, migrations);
  const commits = new SharedCommits(database);
  return {
    trade: async (outTradeNo) => {
      const sql = "SELECT record FROM bank_trade WHERE out_trade_no = ?";
      const [row] = await database.read({ sql, parameters: [outTradeNo] });
      return row === undefined ? undefined : (JSON.parse(String(row.record)) as BankTrade);
    },
    notices: async () => {
      const rows = await database.read({
        sql: "SELECT record FROM bank_notice ORDER BY seq",
        parameters: [],
      });
      return rows.map(({ record }) => JSON.parse(String(record)) as BankNotice);
    },
    save: (changes) => commits.add(changes),
  };
}

interface WaitingChanges {
  readonly changes: BankChanges;
  readonly kept: () => void;
  readonly failed: (error: unknown) => void;
}

/** Changes of one turn of the event loop share a commit, since each commit waits for the disk. */
class SharedCommits {
  readonly #database: Database;
  #waiting: WaitingChanges[] = [];

  constructor(database: Database) {
    this.#database = database;
  }

  add(changes: BankChanges): Promise<void> {
    return new Promise((kept, failed) => {
      this.#waiting.push({ changes, kept, failed });
      if (this.#waiting.length === 1) this.#database.runtime.setImmediate(() => void this.#commit());
    });
  }

  async #commit(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    try {
      await this.#database.transaction(async (tx) => {
        for (const { changes } of batch) await keep(tx, changes);
      });
      for (const { kept } of batch) kept();
    } catch (error) {
      for (const { failed } of batch) failed(error);
    }
  }
}

async function keep(tx: StatementRunner, { trade, notices = [], ended = [] }: BankChanges): Promise<void> {
  if (trade !== undefined) await keepTrade(tx, trade);
  for (const notice of notices) await keepNotice(tx, notice);
  for (const id of ended) await tx.write({ sql: "DELETE FROM bank_notice WHERE id = ?", parameters: [id] });
}

async function keepTrade(tx: StatementRunner, trade: BankTrade): Promise<void> {
  const sql =
    "INSERT INTO bank_trade (out_trade_no, record) VALUES (?, ?) ON CONFLICT (out_trade_no) DO UPDATE SET record = excluded.record";
  await tx.write({ sql, parameters: [trade.outTradeNo, JSON.stringify(trade)] });
}

async function keepNotice(tx: StatementRunner, notice: BankNotice): Promise<void> {
  const sql =
    "INSERT INTO bank_notice (id, record) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET record = excluded.record";
  await tx.write({ sql, parameters: [notice.id, JSON.stringify(notice)] });
}
