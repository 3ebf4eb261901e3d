import assert from "node:assert/strict";
import { it } from "node:test";
import { auditMigrations, listActs } from "@mall/kit/audit";
import { ROLE } from "@mall/kit/auth";
import { migrateToLatest } from "@mall/kit/store";
import { forEachDatabase, testOperator } from "@mall/kit/testing";
import { userMigrations } from "../model/gen/migrations.ts";
import { createUserModel } from "../model/user-model.ts";
import { createUserDesk } from "./user-desk.ts";

forEachDatabase("operators", (databases) => {
  async function desk() {
    const database = await databases.open();
    for (const set of [userMigrations, auditMigrations]) await migrateToLatest(database, set);
    const users = createUserModel(database);
    const deskFor = (command: string) => createUserDesk(database, testOperator(command));
    return { database, users, deskFor, desk: deskFor("mall user") };
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

  it("leave a word of what they did, without any password, and none of what is so already", async () => {
    const { database, users, deskFor } = await desk();
    const id = await users.insert({ mobile: "15212230377", password: "the old hash" });
    const row = async () => (await users.findOne(id)) ?? assert.fail();
    await deskFor("mall admin").setRole(await row(), ROLE.admin);
    await deskFor("mall admin").setRole(await row(), ROLE.admin);
    await deskFor("mall user unlock").unlock(await row());
    await deskFor("mall user revoke").revoke(await row());
    await deskFor("mall user password").setPassword(await row(), "a new hash");
    await deskFor("mall admin").setRole(await row(), ROLE.customer);
    const acts = (await listActs(database, { limit: 10 })).toReversed();
    assert.deepEqual(
      new Set(acts.map(({ who, service, subject }) => `${who} ${service} ${subject}`)),
      new Set([`os:alice user user/${id}`]),
    );
    const told = acts.map(({ operation, stateBefore, stateAfter }) => {
      const [before, after] = [stateBefore, stateAfter].map((state) => JSON.parse(state ?? "null"));
      // The second itself depends on when the test runs.
      const isLater = after.notBefore > before.notBefore ? "later" : "";
      return [operation, before.role, after.role, before.unlocks, after.unlocks, isLater];
    });
    assert.deepEqual(told, [
      ["mall admin", 0, 2, undefined, undefined, ""],
      ["mall user unlock", undefined, undefined, 0, 1, ""],
      ["mall user revoke", undefined, undefined, undefined, undefined, "later"],
      ["mall user password", undefined, undefined, 1, 2, "later"],
      ["mall admin", 2, 0, undefined, undefined, "later"],
    ]);
    assert.doesNotMatch(JSON.stringify(acts), /hash/);
  });
});
