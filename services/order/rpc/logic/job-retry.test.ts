import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { forEachDatabase } from "@mall/kit/testing";
import { ACTOR, byStaff, call, type OrderWorld, openOrderWorld } from "../test-order-world.ts";

forEachDatabase("jobs of orders, as staff see them", (databases) => {
  let world: OrderWorld;
  before(async () => {
    world = await openOrderWorld(databases, { apart: true });
  });
  after(() => world.close());

  it("are found by what they are about, given up and tried again, each act written down", async () => {
    const { database, client } = world;
    const job = { queue: "order", kind: "order.told", unique_key: "order-4", payload: '{"id":4}' };
    await database.transaction((tx) =>
      tx.query
        .insertInto("job")
        .values({ ...job, due_at: world.runtime.now() + 3_600_000, created_at: 0 })
        .execute(),
    );
    const { jobs } = await client.jobList(call(), { key: "order-4", before: 0, limit: 0 });
    const [found] = jobs;
    assert.deepEqual([jobs.length, found?.kind, found?.running], [1, "order.told", false]);
    const id = found?.id ?? 0;
    assert.equal((await client.jobDetail(call(), { id })).payload, '{"id":4}');
    await client.jobCancel(byStaff(), { id });
    assert.equal((await client.jobDetail(call(), { id })).state, 3);
    for (const _ of [1, 2]) await client.jobRetry(byStaff("once more"), { id });
    const { entries } = await client.auditList(call(), { who: ACTOR.who, before: 0, limit: 0 });
    assert.deepEqual(
      entries.map(({ subject, operation }) => [subject, operation]),
      [
        [`job/${id}`, "/order.Order/JobRetry"],
        [`job/${id}`, "/order.Order/JobCancel"],
      ],
    );
  });
});
