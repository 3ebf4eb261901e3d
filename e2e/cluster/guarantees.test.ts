import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import { jobsConfig } from "@mall/kit/config";
import { AppError } from "@mall/kit/errors";
import { createJobWorkers, jobsMigrations } from "@mall/kit/jobs";
import { silentLogger } from "@mall/kit/log";
import { noopObserver } from "@mall/kit/observe";
import { systemRuntime } from "@mall/kit/runtime";
import {
  createTableModel,
  type Database,
  migrateToLatest,
  openDatabase,
  type TableModel,
  type TransactionEnd,
} from "@mall/kit/store";
import {
  type NewSampleRow,
  type SampleColumns,
  type SampleRow,
  sampleMigrations,
  sampleTable,
  startGalera,
  type TestGalera,
  until,
  whyNoGalera,
} from "@mall/kit/testing";
import { createUserModel } from "@mall/user/model";
import { userMigrations } from "@mall/user/model/migrations";
import { testEndsAcrossNodes } from "./ends-across-nodes.ts";
import { testKeysAcrossNodes } from "./keys-across-nodes.ts";
import { testSagasAcrossNodes } from "./sagas-across-nodes.ts";

type Samples = TableModel<SampleRow, NewSampleRow, SampleColumns>;

/** Longest wait for a cluster to leave a node out or take it in again, milliseconds; it copies its data then. */
const CLUSTER_MS_MAX = 60_000;

/** What kit promises, with each handle on another node of a Galera cluster. */
describe("on a cluster of three nodes", { skip: whyNoGalera() ?? false }, () => {
  let cluster: TestGalera;
  const opened: Database[] = [];
  before(async () => {
    cluster = await startGalera(3);
  });
  after(async () => {
    await Promise.allSettled(opened.map((database) => database.close()));
    await cluster?.stop();
  });

  /** One handle on each node, to a new database. */
  const openAll = async (): Promise<Database[]> => {
    const name = (await cluster.nodes[0]?.createDatabase())?.split("/").at(-1) ?? "";
    const handles = await Promise.all(
      cluster.nodes.map((node) =>
        openDatabase({ dataSource: node.dataSource(name), runtime: systemRuntime }),
      ),
    );
    opened.push(...handles);
    return handles;
  };
  const samplesOf = (database: Database): Samples => createTableModel(database, sampleTable);

  it("of three that migrate one empty database at once each migration is run by one, and none fails", async () => {
    const databases = await openAll();
    const ran = await Promise.all(databases.map((database) => migrateToLatest(database, sampleMigrations)));
    assert.deepEqual(
      ran.flat().toSorted(),
      sampleMigrations.migrations.map(({ name }) => name),
    );
  });

  it("what was answered on one node is there on the others at once", async () => {
    const [one, ...others] = await openAll();
    assert.ok(one !== undefined);
    await migrateToLatest(one, sampleMigrations);
    for (let round = 0; round < 100; round += 1) {
      const id = await samplesOf(one).insert({ name: `round-${round}` });
      for (const other of others) {
        assert.equal((await samplesOf(other).findOne(id))?.name, `round-${round}`);
        assert.equal(
          await other.transaction((tx) => samplesOf(other).update(id, { balance: 1 }, { tx })),
          true,
        );
      }
    }
  });

  it("two who change one row on two nodes lose nothing of each other, and each end is known", async () => {
    const databases = await openAll();
    const [one] = databases;
    assert.ok(one !== undefined);
    await migrateToLatest(one, sampleMigrations);
    const id = await samplesOf(one).insert({ name: "counted", balance: 0 });
    const ends: TransactionEnd[] = [];
    const addOne = (database: Database): Promise<void> =>
      database.transaction(async (tx) => {
        tx.afterEnd(async (end) => void ends.push(end));
        const row = await samplesOf(database).lockOne(id, tx);
        const balance = row?.balance ?? 0;
        await samplesOf(database).update(id, { balance: balance + 1 }, { tx });
      });
    // One at a time on each node: ten tries in a row must do, and three nodes know nothing of each other's locks.
    await Promise.all(
      databases.map(async (database) => {
        for (let count = 0; count < 10; count += 1) await addOne(database);
      }),
    );
    assert.equal((await samplesOf(one).findOne(id))?.balance, 30);
    assert.equal(ends.filter((end) => end === "committed").length, 30);
    assert.equal(ends.includes("unknown"), false);
    assert.ok(ends.includes("rolledBack"), "no two of them ever met");
  });

  it("each due job is one process's, whichever nodes they are on", async (t) => {
    const databases = await openAll();
    const [one] = databases;
    assert.ok(one !== undefined);
    await migrateToLatest(one, jobsMigrations);
    const runs: number[] = [];
    const processes = databases.map((database) => createProcess(t, database, runs));
    await one.transaction(async (tx) => {
      for (let n = 0; n < 200; n += 1)
        await processes[0]?.queue.enqueue(tx, { kind: "work", payload: { n } });
    });
    for (const { workers } of processes) workers.start();
    const areDone = async (): Promise<boolean> => runs.length >= 200 && (await waiting(one)) === 0;
    await until("all jobs have run", areDone, { withinMs: CLUSTER_MS_MAX });
    assert.deepEqual(
      runs.toSorted((a, b) => a - b),
      Array.from({ length: 200 }, (_, n) => n),
    );
    for (const { workers } of processes) await workers.drain(1_000);
  });

  it("of those who register first on three nodes at once one is the first user", async () => {
    const databases = await openAll();
    const [one] = databases;
    assert.ok(one !== undefined);
    await migrateToLatest(one, userMigrations);
    const register = (database: Database, index: number): Promise<number> => {
      const row = { name: `n${index}`, mobile: `1380000000${index}`, password: "" };
      return createUserModel(database).insertFirstAs(2, row);
    };
    await Promise.all(databases.map(register));
    const admins = await createUserModel(one).findMany((query) => query.where("role", "=", 2));
    assert.equal(admins.length, 1);
  });

  testKeysAcrossNodes(openAll);
  testSagasAcrossNodes(openAll);
  testEndsAcrossNodes(openAll, () => cluster);

  it("ids name their own rows while nodes leave and join", async () => {
    const [one, two] = await openAll();
    const third = cluster.nodes[2];
    assert.ok(one !== undefined && two !== undefined && third !== undefined);
    await migrateToLatest(one, sampleMigrations);
    let isOver = false;
    let inserted = 0;
    const insertMany = async (database: Database, side: string): Promise<void> => {
      const samples = samplesOf(database);
      for (let round = 0; !isOver; round += 1) {
        const names = Array.from({ length: 24 }, (_, index) => `${side}-${round}-${index}`);
        const settled = await Promise.allSettled(names.map((name) => samples.insert({ name })));
        for (const [index, result] of settled.entries()) {
          // A node that leaves takes the cluster's breath for a moment; what is answered must be right.
          if (result.status === "rejected") continue;
          assert.equal((await samples.findOne(result.value))?.name, names[index]);
          inserted += 1;
        }
      }
    };
    const work = [insertMany(one, "a"), insertMany(two, "b")];
    try {
      await third.kill();
      await until("the node is left out", () => sizeOf(one), {
        holds: (size) => size === 2,
        withinMs: CLUSTER_MS_MAX,
      });
      await third.restart();
      await until("the node is back", () => sizeOf(one), {
        holds: (size) => size === 3,
        withinMs: CLUSTER_MS_MAX,
      });
    } finally {
      isOver = true;
      await Promise.all(work);
    }
    assert.ok(inserted > 100, `only ${inserted}`);
  });

  it("a node without its cluster is an outage, and serves again when the others are back", async () => {
    const [, , last] = await openAll();
    assert.ok(last !== undefined);
    await last.write({ sql: "CREATE TABLE t (id int PRIMARY KEY)", parameters: [] });
    const others = cluster.nodes.slice(0, 2);
    for (const node of others) await node.freeze();
    try {
      await untilRefused(last, 1047);
    } finally {
      for (const node of others) node.thaw();
    }
    await until("the node serves again", () => served(last), { withinMs: CLUSTER_MS_MAX });
  });
});

function createProcess(t: TestContext, database: Database, runs: number[]) {
  const workers = createJobWorkers({
    runtime: systemRuntime,
    log: silentLogger,
    observer: noopObserver,
    config: jobsConfig.parse({ Interval: "10ms", Concurrency: 4 }),
  });
  t.after(() => workers.drain(0));
  const queue = workers.open(database, "pay");
  queue.handle<{ n: number }>("work", async (_call, { n }) => void runs.push(n));
  return { workers, queue };
}

async function waiting(database: Database): Promise<number> {
  const sql = "SELECT COUNT(*) AS jobs FROM job WHERE state = 0";
  const [row] = await database.read({ sql, parameters: [] });
  return Number(row?.jobs);
}

async function sizeOf(database: Database): Promise<number> {
  const sql = "SHOW STATUS LIKE 'wsrep_cluster_size'";
  const [row] = await database.read({ sql, parameters: [] });
  return Number(row?.Value);
}

async function served(database: Database): Promise<boolean> {
  return database.read({ sql: "SELECT * FROM t", parameters: [] }).then(
    () => true,
    () => false,
  );
}

/** Writes until the server's refusal has this number; all refusals on the way there are an outage too. */
async function untilRefused(database: Database, number: number): Promise<void> {
  for (let id = 1; ; id += 1) {
    try {
      await database.write({ sql: "INSERT INTO t VALUES (?)", parameters: [id] });
    } catch (error) {
      assert.ok(error instanceof AppError && error.code === "UNAVAILABLE", String(error));
      if (Reflect.get(Object(error.cause), "errno") === number) return;
    }
  }
}
