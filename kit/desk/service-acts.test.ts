import assert from "node:assert/strict";
import { before, it } from "node:test";
import { auditMigrations, createAuditModel } from "@mall/kit/audit";
import { type Database, migrateToLatest } from "@mall/kit/store";
import { forEachDatabase } from "@mall/kit/testing";
import { createServiceActs, type ServiceActs } from "./index.ts";

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 0, 1);
const ENTRY = {
  ...{ service: "pay", operation: "/pay.Pay/Resolve", who: "user:7", role: 1, address: "203.0.113.9" },
  ...{ traceId: "", subject: "pay/1", stateBefore: '{"status":5}', stateAfter: null, createdAt: START_MS },
};

forEachDatabase("the acts about a service", (databases) => {
  let database: Database;
  let acts: ServiceActs;
  before(async () => {
    database = await databases.open();
    await migrateToLatest(database, auditMigrations);
    acts = createServiceActs(database, "pay");
    await database.transaction((tx) =>
      createAuditModel(database).insertAll(
        [
          {},
          { who: "os:alice", role: null, operation: "mall jobs retry", subject: "job/2" },
          { service: "order", subject: "order/3" },
          { subject: "pay/4" },
          { who: "user:8", subject: "pay/5" },
        ].map((entry, index) => ({ ...ENTRY, ...entry, createdAt: START_MS + 4 * index * HOUR_MS })),
        tx,
      ),
    );
  });

  const subjects = async (filter: object): Promise<string[]> =>
    (await acts.list({ before: 0, limit: 0, ...filter })).entries.map(({ subject }) => subject);
  const at = (hours: number): number => (START_MS + hours * HOUR_MS) / 1000;

  it("are found by who, about what, by which operation and when, without those about others", async () => {
    assert.deepEqual(await subjects({}), ["pay/5", "pay/4", "job/2", "pay/1"]);
    assert.deepEqual(await subjects({ who: "user:7" }), ["pay/4", "pay/1"]);
    assert.deepEqual(await subjects({ subject: "pay/4" }), ["pay/4"]);
    assert.deepEqual(await subjects({ subject: "order/3" }), []);
    assert.deepEqual(await subjects({ operation: "mall jobs retry" }), ["job/2"]);
    assert.deepEqual(await subjects({ who: "user:7", subject: "pay/5" }), []);
    assert.deepEqual(await subjects({ from: at(3), to: at(13) }), ["pay/4", "job/2"]);
    assert.deepEqual(await subjects({ from: at(17) }), []);
  });

  it("come page by page, told as they are", async () => {
    const first = await acts.list({ before: 0, limit: 3 });
    assert.equal(first.next, first.entries[2]?.id);
    const { entries, next } = await acts.list({ before: first.next, limit: 3 });
    const { service: _, createdAt: __, ...same } = ENTRY;
    assert.deepEqual(entries, [{ ...same, id: 1, stateAfter: "", createTime: START_MS / 1000 }]);
    assert.equal(next, 0);
    assert.equal(first.entries[2]?.role, 0, "a command has no role");
    await assert.rejects(acts.list({ before: 0, limit: -1 }), { field: "limit" });
  });
});
