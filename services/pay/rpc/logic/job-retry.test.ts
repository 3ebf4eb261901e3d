import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { ROLE } from "@mall/kit/auth";
import { Call } from "@mall/kit/call";
import { forEachDatabase } from "@mall/kit/testing";
import { call, openPayWorld, type PayWorld } from "../test-pay-world.ts";

const ACTOR = { who: "user:7", role: ROLE.admin, address: "203.0.113.9" };

forEachDatabase("jobs of payments, as staff see them", (databases) => {
  let world: PayWorld;
  before(async () => {
    world = await openPayWorld(databases);
  });
  after(() => world.close());

  it("that are dead may be given up, or tried again, which is written down", async () => {
    const { client, database } = world;
    const job = { queue: "pay", kind: "pay.told", unique_key: "pay-4", payload: "{}", state: 2 };
    await database.transaction((tx) =>
      tx.query
        .insertInto("job")
        .values({ ...job, due_at: 0, created_at: 0 })
        .execute(),
    );
    const { jobs } = await client.jobList(call(), { state: 2, before: 0, limit: 0 });
    assert.deepEqual(
      jobs.map(({ key }) => key),
      ["pay-4"],
    );
    const id = jobs[0]?.id ?? 0;
    const staff = (): Call => new Call({ attachments: { actor: ACTOR } });
    await client.jobCancel(staff(), { id });
    assert.equal((await client.jobDetail(call(), { id })).state, 3);
    await client.jobRetry(staff(), { id });
    const { entries } = await client.auditList(call(), { subject: `job/${id}`, before: 0, limit: 0 });
    assert.deepEqual(
      entries.map(({ operation }) => operation),
      ["/pay.Pay/JobRetry", "/pay.Pay/JobCancel"],
    );
  });
});
