import assert from "node:assert/strict";
import { before, it } from "node:test";
import { AppError } from "@mall/kit/errors";
import { type Database, migrateToLatest } from "@mall/kit/store";
import { forEachDatabase } from "@mall/kit/testing";
import { userMigrations } from "./gen/migrations.ts";
import { createRoleGuardModelGen } from "./gen/role-guard-model.ts";
import { createRoleGuard } from "./role-guard.ts";

const ADMIN = 2;
const busy = (): AppError => new AppError("ABORTED", "USER_CHANGED", "busy");

forEachDatabase("taking a role away", (databases) => {
  let databasesOfNodes: Database[];
  before(async () => {
    const dataSource = await databases.createDataSource();
    databasesOfNodes = [await databases.open({ dataSource }), await databases.open({ dataSource })];
    for (const database of databasesOfNodes) await migrateToLatest(database, userMigrations);
  });

  it("changes the same row each time, whatever process does it: what a cluster certifies commits by", async () => {
    const taken: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      for (const database of databasesOfNodes) {
        await database.transaction((tx) => createRoleGuard(database).enter(tx, ADMIN, busy));
        const rows = await createRoleGuardModelGen(database).findMany((query) => query);
        assert.equal(rows.length, 1);
        taken.push(Number(rows[0]?.taken));
      }
    }
    assert.deepEqual(taken, [1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("counts each of many at once, or refuses it", async () => {
    const [first] = databasesOfNodes;
    assert.ok(first !== undefined);
    const count = async (): Promise<number> =>
      Number((await createRoleGuardModelGen(first).findMany((query) => query))[0]?.taken);
    const before = await count();
    const ends = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => {
        const database = databasesOfNodes[index % 2] ?? first;
        return database.transaction((tx) => createRoleGuard(database).enter(tx, ADMIN, busy));
      }),
    );
    const done = ends.filter(({ status }) => status === "fulfilled").length;
    assert.ok(done > 0);
    assert.equal((await count()) - before, done);
  });
});
