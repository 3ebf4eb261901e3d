import { type Database, type MigrationSet, migrateToLatest, type StatementRunner } from "@mall/kit/store";
import type { BankNotice, BankStore } from "./bank-store.ts";
import type { BankTrade } from "./trade.ts";

/** The bank's own two tables; records are JSON, as nobody but the bank asks for what is in them. */
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

/** Keeps a bank's records in a SQLite database of its own, whose tables are made where they are missing. */
export async function openSqliteBankStore(database: Database): Promise<BankStore> {
  await migrateToLatest(database, migrations);
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
    save: ({ trade, notices = [], ended = [] }) =>
      database.transaction(async (tx) => {
        if (trade !== undefined) await keepTrade(tx, trade);
        for (const notice of notices) await keepNotice(tx, notice);
        for (const id of ended)
          await tx.write({ sql: "DELETE FROM bank_notice WHERE id = ?", parameters: [id] });
      }),
  };
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
