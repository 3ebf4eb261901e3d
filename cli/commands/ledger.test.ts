import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { systemRuntime } from "@mall/kit/runtime";
import { migrateToLatest, openDatabase } from "@mall/kit/store";
import { payMigrations } from "@mall/pay/model/migrations";
import { runMall } from "../testing/run-mall.ts";
import { testFolder } from "../testing/test-mall.ts";

/** A payment that was paid on a channel, with its books. */
const ROWS = [
  "INSERT INTO pay (id, uid, oid, amount, source, status, paid_time) VALUES (1, 1, 1, 500, 9, 1, '2026-01-01 00:00:00')",
  `INSERT INTO pay_attempt (id, pay_id, out_trade_no, channel, amount, currency, received_amount, received_currency,
    fee, state, success_of) VALUES (1, 1, 'P1', 'sandbox', 500, 'CNY', 500, 'CNY', 3, 2, 1)`,
  `INSERT INTO ledger_entry (txn_key, line, account, debit, credit, currency, pay_id) VALUES
    ('receipt:1', 0, 'channel:sandbox', 497, 0, 'CNY', 1), ('receipt:1', 1, 'fees', 3, 0, 'CNY', 1),
    ('receipt:1', 2, 'sales', 0, 500, 'CNY', 1)`,
];

describe("mall ledger", { timeout: 300_000 }, () => {
  test("says that the books are the payments, and where they are not what to do, with exit code 1", async (t) => {
    const folder = testFolder(t);
    const dataSource = `sqlite:${join(folder, "mall.db")}`;
    const database = await openDatabase({ dataSource, runtime: systemRuntime });
    await migrateToLatest(database, payMigrations);
    const verify = () => runMall(["ledger", "verify", "--data-source", dataSource], { cwd: folder });
    const write = (sql: string) => database.write({ sql, parameters: [] });
    const empty = await verify();
    assert.deepEqual([empty.code, empty.stderr], [0, ""]);
    for (const sql of ROWS) await write(sql);
    const right = await verify();
    assert.equal(right.code, 0);
    assert.deepEqual(right.stdout.split("\n"), [
      "ACCOUNT          CURRENCY  DEBIT  CREDIT  BALANCE  BY PAYMENTS",
      "channel:sandbox  CNY       497    0       497      497",
      "fees             CNY       3      0       3        3",
      "sales            CNY       0      500     -500     -500",
      "1 payments, 1 attempts, 0 refunds, 1 entries; amounts in minor units",
      "the books are the payments",
      "",
    ]);
    await write("UPDATE ledger_entry SET credit = 499 WHERE account = 'sales'");
    const wrong = await verify();
    assert.equal(wrong.code, 1);
    assert.match(
      wrong.stdout,
      /^ENTRY_WRONG: attempt 1 .*\n {2}-> .*\nUNBALANCED: entry receipt:1 .*\n {2}-> /,
    );
    assert.match(wrong.stdout, /\nthe books differ from the payments: 3 differences\n$/);
    await database.close();
  });

  test("says in one line that there is no such database", async (t) => {
    const { code, stderr } = await runMall(["ledger", "verify"], { cwd: testFolder(t) });
    assert.equal(code, 3);
    assert.match(stderr, /^mall: there is no database .*\n$/);
  });
});
