import assert from "node:assert/strict";
import { before, it } from "node:test";
import { migrateToLatest } from "@mall/kit/store";
import { forEachDatabase } from "@mall/kit/testing";
import { userMigrations } from "./gen/migrations.ts";
import { createUserModel, type UserModel } from "./user-model.ts";

const MOBILES = ["15200000001", "+8615200000002", "15200000003", "15300000004", "152", "1529"];
const STAFF = 4;

forEachDatabase("users", (databases) => {
  let users: UserModel;
  before(async () => {
    const database = await databases.open();
    await migrateToLatest(database, userMigrations);
    users = createUserModel(database);
    for (const [index, mobile] of MOBILES.entries()) {
      await users.insert({ mobile, role: index + 1 === STAFF ? 1 : 0 });
    }
  });

  const find = async (search: object): Promise<number[]> =>
    (await users.search({ before: 0, limit: 10, ...search })).rows.map(({ id }) => id);

  it("are found by number and role, the newest first", async () => {
    assert.deepEqual(await find({}), [6, 5, 4, 3, 2, 1]);
    assert.deepEqual(await find({ id: 3 }), [3]);
    assert.deepEqual(await find({ role: 1 }), [STAFF]);
    assert.deepEqual(await find({ role: 0, before: 4 }), [3, 2, 1]);
    assert.deepEqual(await find({ role: 2 }), []);
    assert.deepEqual(await find({ id: 3, role: 1 }), []);
  });

  it("are found by a mobile or its beginning, in the order of mobiles", async () => {
    assert.deepEqual(await find({ mobile: "15200000003" }), [3]);
    assert.deepEqual(await find({ mobile: "152" }), [5, 1, 3, 6]);
    assert.deepEqual(await find({ mobile: "+86" }), [2]);
    assert.deepEqual(await find({ mobile: "9" }), []);
    assert.deepEqual(await find({ mobile: "15", role: 1 }), [STAFF]);
    assert.deepEqual(await find({ mobile: "152", id: 3 }), [3]);
  });

  it("come page by page, and the last page says that it is", async () => {
    for (const search of [{ mobile: "152" }, { mobile: "152", role: 0 }]) {
      const first = await users.search({ ...search, before: 0, limit: 3 });
      assert.deepEqual([first.rows.map(({ id }) => id), first.next], [[5, 1, 3], 3]);
      const second = await users.search({ ...search, before: first.next, limit: 3 });
      assert.deepEqual([second.rows.map(({ id }) => id), second.next], [[6], 0]);
    }
    await assert.rejects(users.search({ mobile: "1", before: 99, limit: 1 }), { field: "before" });
  });
});
