import assert from "node:assert/strict";
import { before, it } from "node:test";
import { ROLE } from "@mall/kit/auth";
import { Call } from "@mall/kit/call";
import { migrateToLatest } from "@mall/kit/store";
import { forEachDatabase, useSamples } from "@mall/kit/testing";
import { newTraceContext } from "@mall/kit/trace";
import { createAuditModel } from "./audit-model.ts";
import { type Act, type Audit, auditMigrations, createAudit, listActs } from "./index.ts";

const ACTOR = { who: "user:7", role: ROLE.staff, address: "203.0.113.9" };

forEachDatabase("the audit", (databases) => {
  const used = useSamples(databases);
  let audit: Audit;
  before(async () => {
    const { database } = used();
    await migrateToLatest(database, auditMigrations);
    audit = createAudit(database, "sample");
  });

  const listed = (subject: string) => listActs(used().database, { subject, limit: 10 });
  /** Gives a sample another balance, as `call`, in a transaction that `ends` may break. */
  const change = (call: Call, id: number, balance: number, { alsoUnnamed, ends }: Change = {}) => {
    const { database, samples } = used();
    return database.transaction(async (tx) => {
      const look = async () => {
        const sample = await samples.lockOne(id, tx);
        return sample && { balance: sample.balance, note: sample.note };
      };
      const act: Act<boolean> = { operation: "/sample.Sample/Change", subject: `sample/${id}`, look };
      const marked = alsoUnnamed === true ? { ...act, alsoUnnamed } : act;
      const done = await audit.record(tx, call, marked, () => samples.update(id, { balance }, { tx }));
      ends?.();
      return done;
    });
  };

  it("says who did what, when, from where, to which subject, and what of it changed", async () => {
    const { database, samples } = used();
    const trace = newTraceContext(database.runtime);
    const id = await samples.insert({ balance: 500 });
    const earliest = database.runtime.now();
    await change(new Call({ actor: ACTOR, trace }), id, 300);
    const [entry, ...more] = await listed(`sample/${id}`);
    assert.ok(entry !== undefined && more.length === 0);
    const { id: _id, createdAt, ...told } = entry;
    assert.deepEqual(told, {
      service: "sample",
      operation: "/sample.Sample/Change",
      ...ACTOR,
      traceId: trace.traceId,
      subject: `sample/${id}`,
      stateBefore: '{"balance":500}',
      stateAfter: '{"balance":300}',
    });
    assert.ok(createdAt >= earliest && createdAt <= database.runtime.now());
  });

  it("is written exactly if the act is", async () => {
    const { samples } = used();
    const id = await samples.insert({ balance: 500 });
    const ends = (): never => {
      throw new Error("broken off");
    };
    await assert.rejects(change(new Call({ actor: ACTOR }), id, 300, { ends }), /broken off/);
    assert.deepEqual([(await samples.findOne(id))?.balance, await listed(`sample/${id}`)], [500, []]);
    const nameless = { ...ACTOR, who: "x".repeat(65) };
    await assert.rejects(change(new Call({ actor: nameless }), id, 300), { field: "who" });
    assert.deepEqual([(await samples.findOne(id))?.balance, await listed(`sample/${id}`)], [500, []]);
  });

  it("has nothing where nothing changed, or nobody acts for the mall, unless only staff may do it", async () => {
    const id = await used().samples.insert({ balance: 500 });
    await change(new Call({ actor: ACTOR }), id, 500);
    await change(new Call({ identity: { uid: 8, role: ROLE.customer } }), id, 400);
    assert.deepEqual(await listed(`sample/${id}`), []);
    await change(new Call(), id, 300, { alsoUnnamed: true });
    const [entry] = await listed(`sample/${id}`);
    assert.deepEqual([entry?.who, entry?.role, entry?.address, entry?.traceId], ["", null, "", ""]);
  });

  it("tells of a subject that comes to be by the act, which gives it its number", async () => {
    const { database, samples } = used();
    const call = new Call({ actor: { who: "os:alice", address: "host" } });
    const id = await database.transaction((tx) => {
      const look = async (made?: number) => (made === undefined ? undefined : { balance: 5, note: null });
      const subject = (made: number) => `sample/${made}`;
      const act = { operation: "mall sample add", subject, look };
      return audit.record(tx, call, act, () => samples.insert({ balance: 5 }, tx));
    });
    const [entry] = await listed(`sample/${id}`);
    assert.deepEqual([entry?.stateBefore, entry?.stateAfter], [null, '{"balance":5,"note":null}']);
  });

  it("of two acts at once on one subject each is told with what it changed itself", async () => {
    const id = await used().samples.insert({ balance: 500 });
    const call = new Call({ actor: ACTOR });
    await Promise.all([change(call, id, 300), change(call, id, 400)]);
    const [second, first] = await listed(`sample/${id}`);
    assert.equal(first?.stateBefore, '{"balance":500}');
    assert.equal(second?.stateBefore, first?.stateAfter);
  });

  it("is listed by what is asked for, page by page", async () => {
    const { database, samples } = used();
    const id = await samples.insert({ balance: 0 });
    for (const balance of [1, 2, 3]) {
      const who = balance === 2 ? "user:8" : "user:9";
      await change(new Call({ actor: { ...ACTOR, who } }), id, balance);
    }
    const subject = `sample/${id}`;
    const afters = async (filter: object) =>
      (await listActs(database, { subject, limit: 10, ...filter })).map(({ stateAfter }) => stateAfter);
    const [one, two, three] = ['{"balance":1}', '{"balance":2}', '{"balance":3}'];
    assert.deepEqual(await afters({}), [three, two, one]);
    assert.deepEqual(await afters({ who: "user:9" }), [three, one]);
    assert.deepEqual(await afters({ limit: 2 }), [three, two]);
    const [, second] = await listActs(database, { subject, limit: 2 });
    assert.deepEqual(await afters({ before: second?.id }), [one]);
    assert.deepEqual(await afters({ since: database.runtime.now() + 60_000 }), []);
    assert.deepEqual(await afters({ since: 0, service: "sample", operation: "/sample.Sample/Change" }), [
      three,
      two,
      one,
    ]);
    assert.deepEqual(await afters({ service: "pay" }), []);
  });

  it("knows no way to change or delete an entry", () => {
    assert.deepEqual(Object.keys(createAuditModel(used().database)).toSorted(), ["findMany", "insertAll"]);
  });
});

interface Change {
  readonly alsoUnnamed?: true;
  readonly ends?: () => void;
}
