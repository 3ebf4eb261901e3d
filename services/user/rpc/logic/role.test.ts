import assert from "node:assert/strict";
import { it } from "node:test";
import { ROLE } from "@mall/kit/auth";
import { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { forEachDatabase } from "@mall/kit/testing";
import type { UserRow } from "../../model/user-model.ts";
import { openTestUsers } from "../test-users.ts";

const ACTOR = { who: "user:1", role: ROLE.admin, address: "203.0.113.9" };

forEachDatabase("roles that admins give", (databases) => {
  async function open() {
    const { client, users, close } = await openTestUsers(databases);
    const row = async (id: number): Promise<UserRow> => (await users.findOne(id)) ?? assert.fail();
    const give = async (id: number, role: number, key?: string): Promise<string> => {
      const idempotency = key === undefined ? undefined : { key, owner: ACTOR.who };
      try {
        await client.role(new Call({ attachments: { actor: ACTOR, idempotency } }), { id, role });
        return "done";
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        return error.reason;
      }
    };
    const first = await users.insert({ mobile: "15200000001", role: ROLE.admin });
    const second = await users.insert({ mobile: "15200000002" });
    return { client, row, give, first, second, close };
  }

  it("count from the next login on, and end tokens where they are taken away; each is written down once", async (t) => {
    const { client, row, give, second, close } = await open();
    t.after(close);
    for (const _ of [1, 2]) assert.equal(await give(second, ROLE.staff, "up"), "done");
    assert.deepEqual([(await row(second)).role, (await row(second)).notBefore], [ROLE.staff, 0]);
    assert.equal(await give(second, ROLE.staff), "done", "has it already");
    assert.equal(await give(second, ROLE.customer, "down"), "done");
    const { role, notBefore } = await row(second);
    assert.ok(role === ROLE.customer && notBefore > 0);
    assert.equal(await give(second, ROLE.customer, "down"), "done");
    assert.equal((await row(second)).notBefore, notBefore);
    const { entries } = await client.auditList(new Call(), { who: ACTOR.who, before: 0, limit: 0 });
    assert.deepEqual(
      entries.map(({ operation, subject, stateBefore, stateAfter }) => [
        operation,
        subject,
        JSON.parse(stateBefore).role,
        JSON.parse(stateAfter).role,
      ]),
      [
        ["/user.User/Role", `user/${second}`, ROLE.staff, ROLE.customer],
        ["/user.User/Role", `user/${second}`, ROLE.customer, ROLE.staff],
      ],
    );
  });

  it("are those that there are, of users who are there", async (t) => {
    const { give, second, close } = await open();
    t.after(close);
    assert.deepEqual(
      [await give(second, ROLE.gateway), await give(second, -1)],
      ["INVALID_FIELD", "INVALID_FIELD"],
    );
    assert.equal(await give(999, ROLE.staff), "USER_NOT_FOUND");
  });

  it("leave one admin, also where two take each other's at the same time", async (t) => {
    const { row, give, first, second, close } = await open();
    t.after(close);
    assert.equal(await give(first, ROLE.customer), "LAST_ADMIN");
    assert.equal(await give(first, ROLE.admin), "done");
    for (let round = 0; round < 6; round += 1) {
      for (const id of [first, second]) assert.equal(await give(id, ROLE.admin), "done");
      const ends = await Promise.all([give(first, ROLE.customer), give(second, ROLE.staff)]);
      assert.deepEqual(ends.toSorted(), ["LAST_ADMIN", "done"]);
      const roles = [(await row(first)).role, (await row(second)).role];
      assert.equal(roles.filter((role) => role === ROLE.admin).length, 1);
      // One admin is left, who gives the other the role again.
    }
  });
});
