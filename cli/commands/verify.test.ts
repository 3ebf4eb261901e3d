import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { systemRuntime } from "@mall/kit/runtime";
import { type Database, migrateToLatest, openDatabase } from "@mall/kit/store";
import { MIGRATIONS } from "../migrations.ts";
import { type Finished, runMall } from "../testing/run-mall.ts";
import { testFolder, writeConfig } from "../testing/test-mall.ts";

const SERVICES = ["product", "order", "pay"] as const;

/** An order whose payment a Go process made paid, and that does not know of it. */
const ORDER = "INSERT INTO `order` (id, uid, pid, amount, status) VALUES (34, 1, 1, 500, 0)";
const PAY = "INSERT INTO pay (id, uid, oid, amount, source, status) VALUES (12, 1, 34, 500, 1, 1)";

describe("mall verify", { timeout: 300_000 }, () => {
  test("names the rows that differ, what to do, and ends with exit code 1", async (t) => {
    const { verify, database, dataSource } = await openMall(t);
    const right = await verify("--data-source", dataSource);
    assert.deepEqual([right.code, right.stderr], [0, ""]);
    assert.match(right.stdout, /\npayments, orders, stock and books say the same \(\d+\.\d s\)\n$/);
    await write(database, ORDER, PAY);
    const wrong = await verify("--data-source", dataSource);
    assert.equal(wrong.code, 1);
    const [first, next, ...rest] = wrong.stdout.split("\n");
    assert.equal(
      first,
      "PAID_UNHEARD: pay 12, order 34: 500 CNY came by a process without attempts, but the order is unpaid, and nothing goes back",
    );
    assert.match(next ?? "", /^ {2}-> /);
    assert.match(rest.join("\n"), /differ: 1 differences \(\d+\.\d s\)\n$/);
  });

  test("prints one JSON object a line for machines", async (t) => {
    const { verify, database, dataSource } = await openMall(t);
    await write(database, ORDER, PAY);
    const { code, stdout } = await verify("--data-source", dataSource, "--json");
    assert.equal(code, 1);
    const [finding, summary] = stdout
      .trim()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
    assert.partialDeepStrictEqual(finding, { kind: "PAID_UNHEARD", rows: { pay: 12, order: 34 } });
    assert.partialDeepStrictEqual(summary, { payments: 1, orders: 1, differences: 1, underWay: 0 });
  });

  test("shows what is under way with --verbose, and takes it for a difference with --strict", async (t) => {
    const { verify, database, dataSource } = await openMall(t);
    const dueAt = Date.now() + 3_600_000;
    await write(
      database,
      `INSERT INTO job (queue, kind, payload, due_at, created_at) VALUES ('pay', 'pay.refund', '{}', ${dueAt}, 0)`,
    );
    const verbose = await verify("--data-source", dataSource, "--verbose");
    assert.equal(verbose.code, 0);
    assert.match(verbose.stdout, /^under way: JOB_LATE: job 1 \(pay.refund {}\): to be done\n/);
    const strict = await verify("--data-source", dataSource, "--strict");
    assert.equal(strict.code, 1);
    assert.match(strict.stdout, /^still under way: JOB_LATE: job 1/);
  });

  test("waits for as long as --older-than says", async (t) => {
    const { verify, database, dataSource } = await openMall(t);
    const dueAt = Date.now() - 600_000;
    await write(
      database,
      `INSERT INTO job (queue, kind, payload, due_at, created_at) VALUES ('pay', 'pay.refund', '{}', ${dueAt}, 0)`,
    );
    assert.equal((await verify("--data-source", dataSource)).code, 1);
    assert.equal((await verify("--data-source", dataSource, "--older-than", "1h")).code, 0);
  });

  test("finds the database of each service in its file, and by its name", async (t) => {
    const { verify, folder } = await openMall(t);
    const sources = SERVICES.map((service) => `sqlite:${join(folder, `${service}.db`)}`);
    for (const [index, statement] of [undefined, ORDER, PAY].entries()) {
      const database = await openMigrated(t, sources[index] ?? "");
      if (statement !== undefined) await write(database, statement);
    }
    const files = SERVICES.flatMap((service, index) => [
      "-f",
      writeConfig(folder, `${service}.yaml`, {
        Name: `${service}.rpc`,
        Mysql: { DataSource: sources[index] },
      }),
    ]);
    const named = SERVICES.map((service, index) => `${service}=${sources[index]}`);
    for (const flags of [files, ["--data-source", ...named]]) {
      const { code, stdout } = await verify(...flags);
      assert.equal(code, 1);
      assert.match(stdout, /^PAID_UNHEARD: pay 12, order 34: .*\n.*\n1 payments, .* 1 orders/);
    }
  });

  test("says in one line what is missing on the command line", async (t) => {
    const { verify, folder, dataSource } = await openMall(t);
    const api = writeConfig(folder, "api.yaml", { Name: "pay.api" });
    const wrong: [flags: string[], code: number, text: RegExp][] = [
      [["--data-source", dataSource, dataSource], 2, /Say whose database each is/],
      [["--data-source", `pay=${dataSource}`], 2, /database of product and order is not named/],
      [["-f", api, "-f", api], 2, /must be that of product.rpc, order.rpc or pay.rpc/],
      [["--data-source", "sqlite:none.db"], 3, /there is no database/],
      [["--data-source", dataSource, "--initial", "1"], 2, /Write a product's id and its pieces/],
    ];
    for (const [flags, code, text] of wrong) {
      const result = await verify(...flags);
      assert.equal(result.code, code, flags.join(" "));
      assert.match(result.stderr, text);
      assert.doesNotMatch(result.stderr, /\n {4}at /);
    }
  });
});

/** An empty mall in a folder of its own. */
async function openMall(t: TestContext) {
  const folder = testFolder(t);
  const dataSource = `sqlite:${join(folder, "mall.db")}`;
  const database = await openMigrated(t, dataSource);
  const verify = (...flags: string[]): Promise<Finished> => runMall(["verify", ...flags], { cwd: folder });
  return { folder, dataSource, database, verify };
}

async function openMigrated(t: TestContext, dataSource: string): Promise<Database> {
  const database = await openDatabase({ dataSource, runtime: systemRuntime });
  t.after(() => database.close());
  for (const set of MIGRATIONS) await migrateToLatest(database, set);
  return database;
}

async function write(database: Database, ...statements: readonly string[]): Promise<void> {
  for (const sql of statements) await database.write({ sql, parameters: [] });
}
