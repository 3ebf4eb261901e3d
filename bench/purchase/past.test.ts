import assert from "node:assert/strict";
import { it } from "node:test";
import { type Database, migrateToLatest } from "@mall/kit/store";
import { forEachDatabase } from "@mall/kit/testing";
import { verifyBooks } from "@mall/pay/model/books";
import { MIGRATIONS } from "../../cli/migrations.ts";
import { fillPast } from "./past.ts";
import { openShop } from "./shop.ts";

const PURCHASES = 700;
const SHOP = { users: 4, products: 3 };
const TABLES = ["user", "order", "pay", "pay_attempt", "ledger_entry"];

forEachDatabase("purchases of the past", (databases) => {
  it("are in balanced books, each somebody's, and leave the tables' indexes as they were", async () => {
    const dataSource = await databases.createDataSource();
    const database = await databases.open({ dataSource });
    for (const set of MIGRATIONS) await migrateToLatest(database, set);
    await openShop(dataSource, SHOP);
    const before = await indexesOf(database);
    await fillPast(dataSource, { purchases: PURCHASES, shop: SHOP, people: 50, hasBooks: true });
    assert.deepEqual(await indexesOf(database), before);
    const differences: unknown[] = [];
    const books = await verifyBooks(database, (difference) => differences.push(difference));
    assert.deepEqual(differences, []);
    assert.deepEqual([books.payments, books.attempts, books.entries], [PURCHASES, PURCHASES, PURCHASES]);
    const strangers =
      "SELECT COUNT(*) AS n FROM `order` o LEFT JOIN `user` u ON u.id = o.uid LEFT JOIN pay p ON p.oid = o.id " +
      "WHERE o.status <> 1 OR u.id IS NULL OR p.id IS NULL OR p.uid <> o.uid";
    const [row] = await database.read({ sql: strangers, parameters: [] });
    assert.equal(Number(row?.n), 0);
    const times = "SELECT COUNT(DISTINCT create_time) AS n FROM pay";
    const [spread] = await database.read({ sql: times, parameters: [] });
    assert.equal(Number(spread?.n), PURCHASES);
  });
});

/** What the database says of each table's indexes, in no order. */
async function indexesOf(database: Database): Promise<string[]> {
  const found: string[] = [];
  for (const table of TABLES) {
    const isSqlite = database.dialect === "sqlite";
    const sql = isSqlite
      ? "SELECT sql AS text FROM sqlite_master WHERE type = 'index' AND tbl_name = ?"
      : "SELECT CONCAT_WS(' ', table_name, index_name, non_unique, seq_in_index, column_name) AS text " +
        "FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = ?";
    const rows = await database.read({ sql, parameters: [table] });
    found.push(...rows.map(({ text }) => String(text)));
  }
  return found.toSorted();
}
