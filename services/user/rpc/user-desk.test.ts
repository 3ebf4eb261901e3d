import assert from "node:assert/strict";
import { it } from "node:test";
import { systemRuntime } from "@mall/kit/runtime";
import { migrateToLatest } from "@mall/kit/store";
import { forEachDatabase } from "@mall/kit/testing";
import { userMigrations } from "../model/gen/migrations.ts";
import { createUserModel } from "../model/user-model.ts";
import { createUserDesk } from "./user-desk.ts";

forEachDatabase("operators", (databases) => {
  async function desk() {
    const database = await databases.open();
    await migrateToLatest(database, userMigrations);
    const users = createUserModel(database);
    return { users, desk: createUserDesk(users, systemRuntime) };
  }

  it("find an account by mobile or id, and are asked back where a number may be either", async () => {
    const { users, desk: found } = await desk();
    await users.insert({ mobile: "2" });
    await users.insert({ mobile: "15212230377" });
    await users.insert({ mobile: "3" });
    const ids = async (...names: string[]) =>
      Promise.all(names.map(async (who) => (await found.find(who)).id));
    assert.deepEqual(await ids("15212230377", "1", "id:2", "mobile:2", "3", "mobile:3"), [2, 1, 2, 1, 3, 3]);
    await assert.rejects(found.find("2"), { reason: "USER_AMBIGUOUS" });
    for (const who of [
      "",
      "4",
      "id:15212230377",
      "mobile:1",
      "id:mobile:2",
      "id:x",
      "0",
      "99999999999999999999",
    ])
      await assert.rejects(found.find(who), { reason: "USER_NOT_FOUND" }, who);
  });

  it("unlock an account as often as they like, two at once as one", async () => {
    const { users, desk: operators } = await desk();
    const id = await users.insert({ mobile: "15212230377" });
    const unlock = async () => operators.unlock(await operators.find(`id:${id}`));
    await unlock();
    await Promise.all([unlock(), unlock()]);
    const { unlocks = 0 } = (await users.findOne(id)) ?? {};
    assert.ok(unlocks === 2 || unlocks === 3, `${unlocks} unlocks`);
  });
});
