import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { BranchInfo } from "@mall/kit/call";
import { sagaConfig } from "@mall/kit/config";
import { AppError } from "@mall/kit/errors";
import { type Database, migrateToLatest } from "@mall/kit/store";
import { forEachDatabase } from "@mall/kit/testing";
import { type Barrier, createBarrier } from "./barrier.ts";
import { sagaMigrations } from "./model/gen/migrations.ts";

const ACTION: BranchInfo = { gid: "g", transType: "saga", branchId: "01", op: "action" };
const COMPENSATE: BranchInfo = { ...ACTION, op: "compensate" };

forEachDatabase("the barrier", (databases) => {
  let database: Database;
  let barrier: Barrier;

  before(async () => {
    database = await databases.open();
    await migrateToLatest(database, sagaMigrations);
    barrier = createBarrier(database, sagaConfig.parse({}));
  });

  /** Runs a branch in a transaction of its own; tells whether its work ran. */
  const run = (branch: BranchInfo, work = async (): Promise<void> => {}): Promise<boolean> =>
    database.transaction((tx) => barrier.run(tx, branch, work));

  const rowsOf = async (gid: string): Promise<string[]> => {
    const sql = "SELECT branch_id, op, barrier_id, reason FROM barrier WHERE gid = ? ORDER BY id";
    const rows = await database.read({ sql, parameters: [gid] });
    return rows.map((row) => `${row.branch_id} ${row.op} ${row.barrier_id} ${row.reason}`);
  };

  test("an action that is repeated takes effect once", async () => {
    const branch = { ...ACTION, gid: "repeated" };
    assert.deepEqual([await run(branch), await run(branch)], [true, false]);
    assert.deepEqual(await rowsOf("repeated"), ["01 action 01 action"]);
  });

  test("a compensation takes an action back once, however often it is repeated", async () => {
    const gid = "compensated";
    await run({ ...ACTION, gid });
    const ran = [await run({ ...COMPENSATE, gid }), await run({ ...COMPENSATE, gid })];
    assert.deepEqual(ran, [true, false]);
    assert.deepEqual(await rowsOf(gid), ["01 action 01 action", "01 compensate 01 compensate"]);
  });

  test("a compensation of what was never done does nothing, and the action that comes late does nothing either", async () => {
    const gid = "hanging";
    assert.equal(await run({ ...COMPENSATE, gid }), false);
    assert.equal(await run({ ...ACTION, gid }), false);
    assert.deepEqual(await rowsOf(gid), ["01 action 01 compensate", "01 compensate 01 compensate"]);
  });

  test("the try of a tcc and its cancel keep each other off in the same way", async () => {
    const gid = "tcc";
    assert.equal(await run({ ...ACTION, gid, transType: "tcc", op: "cancel" }), false);
    assert.equal(await run({ ...ACTION, gid, transType: "tcc", op: "try" }), false);
  });

  test("a branch whose work fails has not happened and may be tried again", async () => {
    const branch = { ...ACTION, gid: "failed" };
    const failing = run(branch, () => Promise.reject(new Error("no stock")));
    await assert.rejects(failing, /no stock/);
    assert.deepEqual(await rowsOf("failed"), []);
    assert.equal(await run(branch), true);
  });

  test("of twenty at a time one takes effect, be it actions or an action and its compensation", async () => {
    const gid = "race";
    const actions = Array.from({ length: 20 }, () => run({ ...ACTION, gid }));
    const ran = (await Promise.all(actions)).filter(Boolean);
    assert.equal(ran.length, 1);
    for (let round = 0; round < 10; round += 1) {
      const both = { gid: `race-${round}` };
      const [done, undone] = await Promise.all([
        run({ ...ACTION, ...both }),
        run({ ...COMPENSATE, ...both }),
      ]);
      assert.equal(done, undone, "what was done is taken back, and nothing else is");
    }
  });

  test("branches, operations and gids that differ only in case are told apart", async () => {
    const gid = "apart";
    const branches = [
      { ...ACTION, gid },
      { ...ACTION, gid: "Apart" },
      { ...ACTION, gid, branchId: "02" },
      { ...ACTION, gid, op: "confirm" },
    ];
    for (const branch of branches) assert.equal(await run(branch), true);
  });

  test("the local part of a message runs once, and is refused the second time", async () => {
    const local = { gid: "message", transType: "msg", branchId: "00", op: "msg" };
    assert.equal(await run(local), true);
    await assert.rejects(run(local), { code: "ABORTED", reason: "DUPLICATED" });
    await barrier.queryPrepared(local);
  });

  test("a message whose local part was asked for before it ran never runs", async () => {
    const local = { gid: "late message", transType: "msg", branchId: "00", op: "msg" };
    await assert.rejects(barrier.queryPrepared(local), { code: "ABORTED", reason: "NOT_PREPARED" });
    await assert.rejects(run(local), { code: "ABORTED", reason: "DUPLICATED" });
    await assert.rejects(barrier.queryPrepared(local), { code: "ABORTED", reason: "NOT_PREPARED" });
    assert.deepEqual(await rowsOf(local.gid), ["00 msg 01 rollback"]);
  });

  for (const name of ["gid", "transType", "branchId", "op"] as const) {
    test(`a branch without ${name}, or with a longer one than the table holds, is refused`, async () => {
      await assert.rejects(run({ ...ACTION, [name]: "" }), (error) => {
        assert.ok(error instanceof AppError);
        assert.match(error.message, /^invalid trans info: transInfo: /);
        return error.code === "INVALID_ARGUMENT";
      });
      const long = { ...ACTION, [name]: "x".repeat(129) };
      await assert.rejects(run(long), { code: "INVALID_ARGUMENT", field: name });
      await assert.rejects(barrier.queryPrepared({ ...ACTION, gid: "" }), { code: "INVALID_ARGUMENT" });
    });
  }
});
