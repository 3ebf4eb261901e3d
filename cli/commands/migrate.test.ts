import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, type TestContext, test } from "node:test";
import { listActs } from "@mall/kit/audit";
import { systemRuntime } from "@mall/kit/runtime";
import { type Database, openDatabase } from "@mall/kit/store";
import { startMariadb, type TestMysql, whyNoMysql } from "@mall/kit/testing";
import { type Finished, runMall } from "../testing/run-mall.ts";

const SERVICES = ["user", "product", "order", "pay"];
const EMOJI = "\u{1F600}";

/** A database that a Go mall has filled. */
interface GoDatabase {
  readonly database: Database;
  migrate(...args: string[]): Promise<Finished>;
  run(...statements: string[]): Promise<void>;
  /** The payments, as `id oid status`. */
  payments(table?: string): Promise<string[]>;
}

describe("mall migrate on a database that a Go mall filled", {
  skip: whyNoMysql() ?? false,
  timeout: 120_000,
}, () => {
  let server: TestMysql;

  before(async () => {
    const started = await startMariadb();
    if ("skipped" in started) throw new Error(started.skipped);
    server = started;
  });
  after(() => server.stop());

  const fill = async (t: TestContext, form: string): Promise<GoDatabase> => {
    const dataSource = await server.createDatabase();
    const database = await openDatabase({ dataSource, runtime: systemRuntime });
    t.after(() => database.close());
    const run = async (...statements: string[]): Promise<void> => {
      for (const sql of statements) await database.write({ sql, parameters: [] });
    };
    for (const service of SERVICES) {
      const file = new URL(`../../services/${service}/model/migrations/0001-seed.sql`, import.meta.url);
      await run(readFileSync(file, "utf8").replace("ENGINE=InnoDB DEFAULT CHARSET=utf8mb4", form));
    }
    return {
      database,
      run,
      migrate: (...args) =>
        runMall(["migrate", "--data-source", dataSource, ...args], { cwd: process.cwd() }),
      payments: async (table = "pay") => {
        const rows = await database.read({
          sql: `SELECT id, oid, status FROM ${table} ORDER BY id`,
          parameters: [],
        });
        return rows.map(({ id, oid, status }) => `${id} ${oid} ${status}`);
      },
    };
  };

  test("shows each double payment, keeps the paid one, loses none, and puts all back", async (t) => {
    const { migrate, run, payments, database } = await fill(t, "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4");
    await run(
      "INSERT INTO pay (id, uid, oid, amount, source, status, create_time) VALUES " +
        "(1, 7, 1, 500, 0, 0, '2024-02-29 10:00:00'), (2, 7, 1, 500, 2, 1, '2024-02-29 10:00:01'), " +
        "(3, 7, 2, 500, 0, 0, NULL), (4, 7, 2, 500, 0, 0, NULL), (5, 8, 3, 900, 1, 1, NULL), " +
        "(6, 8, 3, 900, 1, 1, NULL), (7, 8, 4, 900, 1, 1, NULL)",
      "INSERT INTO product (stock, status) VALUES (1, 1)",
    );
    const before = await payments();

    const stopped = await migrate();
    assert.equal(stopped.code, 1);
    assert.match(
      stopped.stderr,
      /^mall: 3 orders have more than one payment, and nothing was changed.*--merge-payments/,
    );

    const plan = await migrate("--plan");
    assert.equal(plan.code, 0, plan.stderr);
    assert.match(plan.stdout, /order 1 keeps payment 2 \(paid, user 7, amount 500, 2024-02-29 10:00:01/);
    assert.match(plan.stdout, /order 1 moves payment 1 \(status 0/);
    assert.match(plan.stdout, /^product: 1 row has status 1, which means here: off shelf/m);
    assert.match(plan.stdout, /order 2 keeps payment 3 .*\n.*order 2 moves payment 4/);
    assert.match(plan.stdout, /order 3 moves payment 6 .*which was paid too: its money is owed/);
    assert.match(plan.stdout, /pay: would apply 0001-seed, 0002-one-pay-per-order/);
    assert.doesNotMatch(plan.stdout, /order 4/);
    assert.deepEqual(await payments(), before);

    const merged = await migrate("--merge-payments");
    assert.equal(merged.code, 0, merged.stderr);
    assert.match(merged.stdout, /order 1 moves payment 1 .*\n/);
    assert.match(merged.stdout, /^product: 1 row has status 1/m);
    assert.deepEqual(await payments(), ["2 1 1", "3 2 0", "5 3 1", "7 4 1"]);
    assert.deepEqual(await payments("pay_merged"), ["1 1 0", "4 2 0", "6 3 1"]);
    const again = await migrate("--merge-payments");
    assert.equal(again.code, 0);
    assert.match(again.stdout, /^pay: up to date$/m);
    assert.deepEqual((await payments("pay_merged")).length, 3);
    await assert.rejects(run("INSERT INTO pay (oid) VALUES (1)"));

    const undone = await migrate("--undo-merge");
    assert.match(undone.stdout, /^pay: 3 payments are back from pay_merged$/m);
    assert.deepEqual(await payments(), before);
    const [row] = await database.read({
      sql: "SELECT CAST(create_time AS CHAR) AS at FROM pay WHERE id = 1",
      parameters: [],
    });
    assert.equal(row?.at, "2024-02-29 10:00:00");
    const acts = await listActs(database, { service: "pay", limit: 10 });
    assert.deepEqual(
      acts.map(({ operation, subject, stateBefore, stateAfter }) => [
        operation,
        subject,
        stateBefore,
        stateAfter,
      ]),
      [
        ["mall migrate --undo-merge", "pay/merged", '{"paymentsMerged":3}', '{"paymentsMerged":0}'],
        ...[
          ["pay/5", "5, 6", "5"],
          ["pay/3", "3, 4", "3"],
          ["pay/2", "1, 2", "2"],
        ].map(([subject, before, after]) => [
          "mall migrate --merge-payments",
          subject,
          JSON.stringify({ paymentsOfOrder: before }),
          JSON.stringify({ paymentsOfOrder: after }),
        ]),
      ],
    );
    // And there it stands as before: what was merged may be merged again.
    assert.match((await migrate()).stderr, /3 orders have more than one payment/);
  });

  for (const [title, form] of [
    ["utf8mb3", "ENGINE=InnoDB DEFAULT CHARSET=utf8mb3"],
    ["MyISAM, latin1 and no dynamic rows", "ENGINE=MyISAM ROW_FORMAT=FIXED DEFAULT CHARSET=latin1"],
  ] as const) {
    test(`finds and converts tables of ${title}, with their rows`, async (t) => {
      const { migrate, run, database } = await fill(t, form);
      await run(
        "INSERT INTO user (name, mobile) VALUES ('caf\u00e9', '15212230311')",
        "INSERT INTO pay (oid) VALUES (1)",
        "INSERT INTO pay (oid) VALUES (1)",
      );
      const plan = await migrate("--plan");
      assert.equal(plan.code, 0, plan.stderr);
      assert.match(
        plan.stdout,
        /^user: .*ALTER TABLE `user` .*CONVERT TO CHARACTER SET utf8mb4.*writes to it wait/m,
      );
      const done = await migrate("--merge-payments");
      assert.equal(done.code, 0, done.stderr);
      for (const table of SERVICES) assert.match(done.stdout, new RegExp(`^${table}: converted`, "m"));
      await run(`INSERT INTO user (name, mobile) VALUES ('${EMOJI}', '15212230312')`);
      const names = await database.read({ sql: "SELECT name FROM user ORDER BY id", parameters: [] });
      assert.deepEqual(
        names.map(({ name }) => name),
        ["caf\u00e9", EMOJI],
      );
      const forms = await database.read({
        sql: "SELECT DISTINCT ENGINE AS engine FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()",
        parameters: [],
      });
      assert.deepEqual(
        forms.map(({ engine }) => engine),
        ["InnoDB"],
      );
      const later = await migrate("--plan");
      assert.doesNotMatch(later.stdout, /ALTER TABLE|keeps|would apply/);
    });
  }
});
