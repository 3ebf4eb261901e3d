import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { auditMigrations } from "@mall/kit/audit";
import { jobsMigrations } from "@mall/kit/jobs";
import { systemRuntime } from "@mall/kit/runtime";
import { migrateToLatest, openDatabase } from "@mall/kit/store";
import { payMigrations } from "@mall/pay/model/migrations";
import { type Finished, runMall } from "../testing/run-mall.ts";
import { testFolder } from "../testing/test-mall.ts";

const ROWS: readonly (readonly [string, string])[] = [
  [
    "pay",
    "(id, uid, oid, amount, status, currency, create_time, update_time) VALUES (17, 3, 4, 500, 0, 'CNY', :at, :at)",
  ],
  [
    "pay_attempt",
    "(id, pay_id, out_trade_no, channel, amount, currency, state, create_time, update_time, error) VALUES (9, 17, 'P17N1Xab', 'sandbox', 500, 'CNY', 3, :at, :at, 'a word\u001b[2J')",
  ],
  [
    "job",
    "(queue, kind, unique_key, payload, state, due_at, created_at) VALUES ('pay', 'pay.query-attempt', 'query-attempt-9', '{}', 1, 1790000005000, 1790000000000)",
  ],
  [
    "job",
    "(queue, kind, unique_key, payload, state, due_at, created_at) VALUES ('pay', 'pay.query-attempt', 'query-attempt-8', '{}', 1, 1790000005000, 1790000000000)",
  ],
];

/** A database with a payment, and the command on it. */
async function withPayment(t: TestContext): Promise<(...args: string[]) => Promise<Finished>> {
  const folder = testFolder(t);
  const dataSource = `sqlite:${join(folder, "mall.db")}`;
  const database = await openDatabase({ dataSource, runtime: systemRuntime });
  for (const set of [payMigrations, jobsMigrations, auditMigrations]) await migrateToLatest(database, set);
  const at = `'${database.times.toText(new Date(1_790_000_000_000))}'`;
  for (const [table, values] of ROWS)
    await database.write({ sql: `INSERT INTO ${table} ${values.replaceAll(":at", at)}`, parameters: [] });
  await database.close();
  return (...args) => runMall(["payment", "show", ...args, "--data-source", dataSource], { cwd: folder });
}

describe("mall payment", { concurrency: 2, timeout: 120_000 }, () => {
  test("shows what happened to a payment, harmless to a terminal, and as JSON", async (t) => {
    const show = await withPayment(t);
    const { stdout } = await show("17");
    const [head, , heading, ...lines] = stdout.trimEnd().split("\n");
    assert.equal(head, "payment 17 of order 4: created, 500 CNY");
    assert.match(heading ?? "", /^WHEN +WHAT +WHICH +HAPPENED +NOW +AMOUNT +FACTS$/);
    const happened = lines.map((line) => line.split(/ {2,}/).slice(1));
    const jobs = happened.filter(([kind]) => kind === "job").map(([, , event]) => event);
    assert.deepEqual(jobs, ["enqueued", "done"], "of the payment's own attempt");
    assert.ok(
      happened.some(([kind, no, event, , , facts]) => {
        const isFailure = kind === "attempt" && no === "P17N1Xab" && event === "failed";
        return isFailure && facts === String.raw`error=a word\u001b[2J channel=sandbox`;
      }),
      stdout,
    );
    const events = (await show("17", "--json")).stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.equal(events.length, lines.length);
    assert.ok(events.every(({ at }) => !Number.isNaN(Date.parse(at))));
  });

  test("says which payment is not there, and what an id is", async (t) => {
    const show = await withPayment(t);
    const { code, stderr } = await show("18");
    assert.deepEqual([code, stderr], [1, "mall: there is no payment 18\n"]);
    const wrong = await show("P17");
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /It must be the number of a payment\./);
  });
});
