import assert from "node:assert/strict";
import { it, type TestContext } from "node:test";
import { backgroundCall, Call } from "@mall/kit/call";
import { sagaConfig } from "@mall/kit/config";
import { AppError } from "@mall/kit/errors";
import { createJobWorkers, jobsMigrations } from "@mall/kit/jobs";
import { silentLogger } from "@mall/kit/log";
import { noopObserver } from "@mall/kit/observe";
import { type Runtime, systemRuntime } from "@mall/kit/runtime";
import {
  type Barrier,
  type Branch,
  createBarrier,
  createCoordinator,
  type Saga,
  sagaMigrations,
} from "@mall/kit/saga";
import {
  createTableModel,
  type Database,
  migrateToLatest,
  type RowTransaction,
  type TableDefinition,
} from "@mall/kit/store";
import { meeting } from "./keys-across-nodes.ts";

const ROUNDS = 10;
/** Sagas of each node at once, which all want the same. */
const EACH = 4;
const PIECES = 100;

/** How a saga ended. */
interface Ending {
  id: number;
  gid: string;
  state: string;
}

const endingTable: TableDefinition = {
  name: "ending",
  primaryKey: "id",
  columns: [
    { name: "id", property: "id", type: "integer", min: 0, max: Number.MAX_SAFE_INTEGER, managed: "id" },
    { name: "gid", property: "gid", type: "text", lengthMax: 64 },
    { name: "state", property: "state", type: "text", lengthMax: 16 },
  ],
  uniqueKeys: {},
};

type Order = { readonly num: number; readonly isRefused: boolean };

/** What happens in a process beyond its work. */
/** Of a process, which another ends as `kill -9` does. */
interface Life {
  isOver: boolean;
}

interface Hooks {
  readonly life?: Life;
  /** Before a saga's action. */
  readonly action?: () => Promise<void>;
  /** In the transaction that ends a saga. */
  readonly end?: () => Promise<void>;
}

interface Process {
  readonly orders: Saga<Order, { readonly by: string }>;
  start(): void;
}

/** Sagas whose processes are on several nodes; `openAll` gives a handle on each to a new database. */
export function testSagasAcrossNodes(openAll: () => Promise<Database[]>): void {
  const openShelves = async (): Promise<Database[]> => prepareShelves(await openAll());

  it("sagas of three nodes at once take what they take once, and end once", async (t) => {
    const databases = await openShelves();
    const processes = databases.map((database, index) => startProcess(t, database, `node-${index}`));
    for (const process of processes) process.start();
    const results = await Promise.all(
      processes.flatMap(({ orders }, node) =>
        Array.from({ length: EACH }, (_, round) => {
          const payload = { num: 1, isRefused: round % 2 === 1 };
          return orders.run(backgroundCall(), { gid: `${node}-${round}`, payload });
        }),
      ),
    );
    const succeeded = results.filter(({ outcome }) => outcome === "succeeded").length;
    assert.equal(succeeded, (databases.length * EACH) / 2);
    for (const database of databases) {
      assert.equal(await piecesIn(database), PIECES - succeeded);
      assert.equal((await endingsOf(database)).length, results.length);
    }
  });

  it("a saga that two nodes drive at once, and end at once, has one end", async (t) => {
    const [one = assert.fail(), two = assert.fail(), three = assert.fail()] = await openShelves();
    const meet = meeting(2);
    const first = startProcess(t, one, "one", { end: meet });
    const second = startProcess(t, two, "two", { end: meet });
    first.start();
    const running = first.orders.run(backgroundCall(), {
      gid: "both",
      payload: { num: 1, isRefused: false },
    });
    // Its claim ends while it waits for the other, who then drives the saga too.
    second.start();
    const result = await running;
    const endings = await endingsOf(three);
    assert.equal(endings.length, 1, endings.join());
    assert.ok(result.outcome === "succeeded");
    assert.equal(await piecesIn(three), PIECES - 1);
  });

  testOrphan(openShelves);

  it("of an action and its compensation on two nodes at once both take effect or neither, and each once", async () => {
    const databases = await openShelves();
    const branches = databases.map((database) => new Shelf(database, "a"));
    const at = (node: number): Shelf => branches[node % branches.length] ?? assert.fail();
    for (let round = 0; round < ROUNDS; round += 1) {
      const info = { gid: `pair-${round}`, transType: "saga", branchId: "01" };
      const request = { num: 1 };
      await Promise.all([
        at(round).take.call(backgroundCall(), { ...info, op: "action" }, request),
        at(round + 1).take.call(backgroundCall(), { ...info, op: "action" }, request),
        at(round + 2).putBack.call(backgroundCall(), { ...info, op: "compensate" }, request),
        at(round).putBack.call(backgroundCall(), { ...info, op: "compensate" }, request),
      ]);
      const pieces = await piecesIn(at(round + 1).database);
      assert.equal(pieces, PIECES, `round ${round}`);
    }
  });
}

function testOrphan(openShelves: () => Promise<Database[]>): void {
  it("a saga whose process dies on one node is ended on another, from where it was", async (t) => {
    const [one = assert.fail(), two = assert.fail(), three = assert.fail()] = await openShelves();
    const reached = Promise.withResolvers<void>();
    const life = { isOver: false };
    const dying = startProcess(t, one, "dying", {
      life,
      action: () => {
        reached.resolve();
        return new Promise(() => {});
      },
    });
    dying.start();
    const call = new Call();
    const abandoned = dying.orders.run(call, { gid: "orphan", payload: { num: 1, isRefused: false } });
    await reached.promise;
    life.isOver = true;
    call.cancel();
    assert.deepEqual(await abandoned, { outcome: "unknown" });
    const over = Promise.withResolvers<void>();
    startProcess(t, two, "heir", { end: async () => over.resolve() }).start();
    await over.promise;
    while ((await endingsOf(three)).length === 0);
    assert.deepEqual(await endingsOf(three), ["orphan succeeded"]);
    assert.equal(await piecesIn(three), PIECES - 1);
  });
}

/** Makes a shelf, and the tables of sagas. */
async function prepareShelves(databases: Database[]): Promise<Database[]> {
  const [first = assert.fail()] = databases;
  await migrateToLatest(first, sagaMigrations);
  await migrateToLatest(first, jobsMigrations);
  const tables = [
    "CREATE TABLE shelf (name varchar(16) PRIMARY KEY, pieces int NOT NULL)",
    "CREATE TABLE ending (id bigint AUTO_INCREMENT PRIMARY KEY, gid varchar(64) NOT NULL, state varchar(16) NOT NULL)",
    `INSERT INTO shelf VALUES ('a', ${PIECES})`,
  ];
  for (const sql of tables) await first.write({ sql, parameters: [] });
  return databases;
}

/** A shelf behind a barrier, as a process on one node serves it. */
class Shelf {
  readonly database: Database;
  readonly #name: string;
  readonly #barrier: Barrier;

  constructor(database: Database, name: string) {
    this.database = database;
    this.#name = name;
    this.#barrier = createBarrier(database, sagaConfig.parse({}));
  }

  get take(): Branch<{ num: number }> {
    return { call: (_call, info, { num }) => this.#change(info, -num) };
  }

  get putBack(): Branch<{ num: number }> {
    return { call: (_call, info, { num }) => this.#change(info, num) };
  }

  #change(info: Parameters<Barrier["run"]>[1], change: number): Promise<void> {
    return this.database.transaction(async (tx) => {
      await this.#barrier.run(tx, info, async () => {
        const sql = "UPDATE shelf SET pieces = pieces + ? WHERE name = ?";
        await tx.write({ sql, parameters: [change, this.#name] });
      });
    });
  }
}

/** A process whose jobs are another's soon after it has died. */
function startProcess(t: TestContext, database: Database, name: string, hooks: Hooks = {}): Process {
  const config = { Concurrency: 8, Horizon: 60_000, Lease: 1000, Interval: 20, Retention: 60_000 };
  const { life = { isOver: false } } = hooks;
  const workers = createJobWorkers({
    runtime: mortal(life),
    log: silentLogger,
    observer: noopObserver,
    config,
  });
  t.after(() => {
    life.isOver = false;
    return workers.drain(0);
  });
  const jobs = workers.open(database, "test");
  const coordinator = createCoordinator({ database, jobs, log: silentLogger, config: sagaConfig.parse({}) });
  const { take, putBack } = new Shelf(database, "a");
  const refused = new AppError("ABORTED", "OUT_OF_STOCK", "out of stock");
  const endings = createTableModel<Ending, Omit<Ending, "id">, Ending>(database, endingTable);
  const ended = async (tx: RowTransaction, gid: string, state: string): Promise<void> => {
    await endings.insert({ gid, state }, tx);
    await hooks.end?.();
  };
  const orders = coordinator.define({
    kind: "order",
    step: ({ num, isRefused }: Order) => {
      const action: Branch<{ num: number }> = {
        call: async (...asked) => {
          await take.call(...asked);
          // As if an earlier copy of the request had taken what this one is refused.
          if (isRefused) throw refused;
          await hooks.action?.();
        },
      };
      return { action, compensate: putBack, request: { num } };
    },
    succeed: async (tx, { gid }) => {
      await ended(tx, gid, "succeeded");
      return { by: name };
    },
    fail: (tx, { gid }) => ended(tx, gid, "failed"),
  });
  return { orders, start: () => workers.start() };
}

/** The runtime of a process: nothing happens there any more once its life is over. */
function mortal(life: Life): Runtime {
  return {
    ...systemRuntime,
    setTimer: (callback, delayMs) =>
      systemRuntime.setTimer(() => {
        if (!life.isOver) callback();
      }, delayMs),
  };
}

async function piecesIn(database: Database): Promise<number> {
  const [row] = await database.read({ sql: "SELECT pieces FROM shelf", parameters: [] });
  return Number(row?.pieces);
}

async function endingsOf(database: Database): Promise<string[]> {
  const rows = await database.read({ sql: "SELECT gid, state FROM ending ORDER BY id", parameters: [] });
  return rows.map(({ gid, state }) => `${gid} ${state}`);
}
