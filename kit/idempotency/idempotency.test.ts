import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { type Runtime, systemRuntime } from "@mall/kit/runtime";
import { type Database, migrateToLatest, openDatabase } from "@mall/kit/store";
import { createManualRuntime, forEachDatabase, type TestDatabases } from "@mall/kit/testing";
import { type Commit, type Committed, createIdempotency, type Idempotency } from "./idempotency.ts";
import { idempotencyMigrations } from "./model/gen/migrations.ts";

const HOUR_MS = 60 * 60 * 1000;
const METHOD = "/pay.Pay/Create";

/** A shop of one table: every effect is a row in it. */
interface Shop {
  readonly database: Database;
  readonly idempotency: Idempotency;
}

async function openShop(databases: TestDatabases, dataSource: string, runtime?: Runtime): Promise<Shop> {
  const database = await databases.open({ dataSource, ...(runtime && { runtime }) });
  await migrateToLatest(database, idempotencyMigrations);
  await database.write({ sql: "CREATE TABLE IF NOT EXISTS sale (item bigint)", parameters: [] });
  return { database, idempotency: createIdempotency(database) };
}

async function salesOf({ database }: Shop, item: number): Promise<number> {
  const sql = "SELECT count(*) AS sales FROM sale WHERE item = ?";
  return Number((await database.read({ sql, parameters: [item] }))[0]?.sales);
}

function callOf(key: string | undefined, owner = "user:1", deadline = Date.now() + 20_000): Call {
  return new Call({ method: METHOD, deadline, ...(key !== undefined && { idempotency: { key, owner } }) });
}

/** Sells one item; `number` tells whose answer it was. */
function sell({ idempotency }: Shop, call: Call, { item, number }: { item: number; number: number }) {
  return idempotency.once<{ item: number; number: number }>(call, { item }, (commit) =>
    commit.transaction(async (tx) => {
      await tx.write({ sql: "INSERT INTO sale VALUES (?)", parameters: [item] });
      return { answer: { item, number } };
    }),
  );
}

async function reasonOf(answer: Promise<unknown>): Promise<string> {
  try {
    await answer;
  } catch (error) {
    assert.ok(error instanceof AppError, String(error));
    return error.reason;
  }
  return assert.fail("succeeded");
}

forEachDatabase("keys of writes", (databases) => {
  let dataSource = "";
  let shop: Shop;
  let replica: Shop;
  before(async () => {
    dataSource = await databases.createDataSource();
    shop = await openShop(databases, dataSource);
    replica = await openShop(databases, dataSource);
  });

  it("without a key every call has its effect and nothing is kept", async () => {
    const { database, idempotency } = shop;
    const item = 14;
    const sql = "INSERT INTO sale VALUES (?)";
    const statement = { sql, parameters: [item] };
    const run = (work: (commit: Commit<number>) => Promise<Committed<number>>) =>
      idempotency.once<number>(new Call(), {}, work);
    const answers = [
      await run((commit) =>
        commit.transaction(async (tx) => {
          await tx.write(statement);
          return { answer: 1 };
        }),
      ),
      await run((commit) =>
        commit.statement(async (tx) => {
          assert.equal(tx, undefined);
          await database.write(statement);
          return { answer: 2 };
        }),
      ),
      await run((commit) => commit.shared(async () => ({ answer: 3 }))),
      await run((commit) => commit.begun(async () => 4)),
    ];
    assert.deepEqual([answers, await salesOf(shop, item)], [[1, 2, 3, 4], 2]);
    assert.deepEqual(await database.read({ sql: "SELECT * FROM idempotency", parameters: [] }), []);
  });

  it("a repeated request has one effect and always the first answer, from every process", async () => {
    const first = await sell(shop, callOf("repeat"), { item: 1, number: 1 });
    assert.deepEqual(first, { item: 1, number: 1 });
    for (const [number, place] of [shop, replica].entries()) {
      assert.deepEqual(await sell(place, callOf("repeat"), { item: 1, number: 10 + number }), first);
    }
    assert.equal(await salesOf(shop, 1), 1);
  });

  it("another request or another operation under a key is refused and has no effect", async () => {
    await sell(shop, callOf("reused"), { item: 2, number: 1 });
    const other = sell(replica, callOf("reused"), { item: 3, number: 1 });
    assert.equal(await reasonOf(other), "IDEMPOTENCY_KEY_REUSED");
    const elsewhere = new Call({ ...callOf("reused"), method: "/pay.Pay/Refund" });
    const refund = shop.idempotency.once(elsewhere, { item: 2 }, () => assert.fail("must not run"));
    assert.equal(await reasonOf(refund), "IDEMPOTENCY_KEY_REUSED");
    assert.equal(await salesOf(shop, 3), 0);
  });

  it("the same key of another owner, or with other capitals, is another key", async () => {
    const answers = await Promise.all([
      sell(shop, callOf("mine", "user:1"), { item: 4, number: 1 }),
      sell(shop, callOf("mine", "user:2"), { item: 4, number: 2 }),
      sell(shop, callOf("MINE", "user:1"), { item: 4, number: 3 }),
    ]);
    assert.deepEqual(
      answers.map(({ number }) => number),
      [1, 2, 3],
    );
    assert.equal(await salesOf(shop, 4), 3);
  });

  it("twenty twins at once in two processes have one effect and twenty equal answers", async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, number) =>
        sell(number % 2 === 0 ? shop : replica, callOf("twins"), { item: 5, number }),
      ),
    );
    assert.equal(new Set(answers.map((answer) => JSON.stringify(answer))).size, 1);
    assert.equal(await salesOf(shop, 5), 1);
  });

  it("of two different requests at once under one key one has its effect, the other is refused", async () => {
    const ends = await Promise.allSettled([
      sell(shop, callOf("rivals"), { item: 6, number: 1 }),
      sell(replica, callOf("rivals"), { item: 7, number: 2 }),
    ]);
    const refused = ends.flatMap((end) => (end.status === "rejected" ? [end.reason.reason] : []));
    assert.deepEqual(refused, ["IDEMPOTENCY_KEY_REUSED"]);
    assert.equal((await salesOf(shop, 6)) + (await salesOf(shop, 7)), 1);
  });

  it("of two transactions with one key at once the later one is rolled back and gives the first one's answer", async () => {
    const began = Promise.withResolvers<void>();
    const both = Promise.withResolvers<void>();
    const answer = (place: Shop, number: number) =>
      place.idempotency.once<number>(callOf("overlap"), { item: 8 }, async (commit) => {
        if (number === 1) began.resolve();
        else await began.promise;
        if (number === 2) both.resolve();
        else await both.promise;
        return commit.transaction(async (tx) => {
          await tx.write({ sql: "INSERT INTO sale VALUES (8)", parameters: [] });
          return { answer: number };
        });
      });
    const [first, second] = await Promise.all([answer(shop, 1), answer(replica, 2)]);
    assert.equal(first, second);
    assert.equal(await salesOf(shop, 8), 1);
  });

  it("a request that meets its twin's effect instead of its key gives the twin's answer", async () => {
    const entered = Promise.withResolvers<void>();
    const done = Promise.withResolvers<void>();
    const late = shop.idempotency.once(callOf("trace"), { item: 9 }, async () => {
      entered.resolve();
      await done.promise;
      throw new AppError("ALREADY_EXISTS", "SOLD", "sold");
    });
    await entered.promise;
    const first = await sell(replica, callOf("trace"), { item: 9, number: 1 });
    done.resolve();
    assert.deepEqual(await late, first);
  });

  it("a request that meets its twin's effect while the database cannot be asked for its key is not refused", async () => {
    const own = await openDatabase({ dataSource, runtime: systemRuntime });
    const request = { item: 13 };
    const late = createIdempotency(own).once(callOf("untold"), request, async () => {
      await sell(shop, callOf("untold"), { item: 13, number: 1 });
      await own.close();
      throw new AppError("ALREADY_EXISTS", "SOLD", "sold");
    });
    assert.notEqual(await reasonOf(late), "SOLD");
    const again = await sell(replica, callOf("untold"), { item: 13, number: 2 });
    assert.deepEqual(again, { item: 13, number: 1 });
    assert.equal(await salesOf(shop, 13), 1);
  });

  it("who asks for the answer of a key only gets it, or learns that there is none; nothing is done", async () => {
    const ask = (key: string) =>
      new Call({ ...callOf(key), idempotency: { key, owner: "user:1", replayOnly: true } });
    const unused = sell(shop, ask("asked"), { item: 12, number: 1 });
    assert.equal(await reasonOf(unused), "IDEMPOTENCY_KEY_UNUSED");
    assert.equal(await salesOf(shop, 12), 0);
    await sell(shop, callOf("asked"), { item: 12, number: 2 });
    assert.equal((await sell(replica, ask("asked"), { item: 12, number: 3 })).number, 2);
    assert.equal(await salesOf(shop, 12), 1);
  });

  it("a request that fails is not remembered, and its effect is undone", async () => {
    const fail = shop.idempotency.once(callOf("failed"), { item: 10 }, (commit) =>
      commit.transaction(async (tx) => {
        await tx.write({ sql: "INSERT INTO sale VALUES (10)", parameters: [] });
        throw new AppError("FAILED_PRECONDITION", "NOT_NOW", "not now");
      }),
    );
    assert.equal(await reasonOf(fail), "NOT_NOW");
    assert.deepEqual(await sell(shop, callOf("failed"), { item: 10, number: 2 }), { item: 10, number: 2 });
    assert.equal(await salesOf(shop, 10), 1);
  });

  describe("work that outlives its transaction", () => testLongWork(databases, () => [shop, replica]));

  it("an answer can be had again for 48 hours, and is deleted some time after", async () => {
    const runtime = createManualRuntime();
    const old = await openShop(databases, await databases.createDataSource(), runtime);
    const keys = async () =>
      Number(
        (await old.database.read({ sql: "SELECT count(*) AS n FROM idempotency", parameters: [] }))[0]?.n,
      );
    await sell(old, endless("old"), { item: 11, number: 1 });
    await old.idempotency.once(endless("unsettled"), {}, (commit) =>
      commit.begun((begin) => old.database.transaction((tx) => begin(tx, "work-old"))),
    );
    runtime.advance(48 * HOUR_MS - 1);
    assert.equal((await sell(old, endless("old"), { item: 11, number: 2 })).number, 1);
    runtime.advance(2);
    for (let item = 100; item < 300; item += 1) await sell(old, endless(`new-${item}`), { item, number: 1 });
    assert.equal(await keys(), 201, "the 200 new ones and the one that has no answer yet");
    assert.equal((await sell(old, endless("old"), { item: 11, number: 3 })).number, 3);
  });
});

async function mustNotRun(): Promise<never> {
  throw new Error("must not run");
}

async function outcomeUnknown(): Promise<never> {
  throw new Error("unknown");
}

function endless(key: string): Call {
  return callOf(key, "user:1", Number.POSITIVE_INFINITY);
}

function testLongWork(databases: TestDatabases, places: () => [Shop, Shop]): void {
  const request = { pid: 1 };

  /** Begins work named `reference`, then waits for its end, as the first transaction of a saga does. */
  function doWork(
    { database, idempotency }: Shop,
    call: Call,
    reference: string,
    end: () => Promise<unknown>,
  ) {
    return idempotency.once(call, request, (commit) =>
      commit.begun(async (begin) => {
        await database.transaction((tx) => begin(tx, reference));
        return end();
      }),
    );
  }

  it("a twin waits for the work of another process and gives its answer", async () => {
    const [shop, replica] = places();
    const began = Promise.withResolvers<void>();
    const end = Promise.withResolvers<unknown>();
    const first = doWork(shop, callOf("long"), "work-1", () => {
      began.resolve();
      return end.promise;
    });
    await began.promise;
    const twins = [shop, replica].map((place) => doWork(place, callOf("long"), "work-1-twin", mustNotRun));
    await shop.database.transaction((tx) => shop.idempotency.settle(tx, "work-1", { ok: { id: 7 } }));
    end.resolve({ id: 7 });
    assert.deepEqual(await Promise.all([first, ...twins]), [{ id: 7 }, { id: 7 }, { id: 7 }]);
  });

  it("work that ended in an error gives that error again, word for word", async () => {
    const [shop, replica] = places();
    const error = new AppError("ABORTED", "STOCK_INSUFFICIENT", "产品库存不足", { field: "pid" });
    const first = doWork(shop, callOf("refused"), "work-2", async () => {
      await shop.database.transaction((tx) => shop.idempotency.settle(tx, "work-2", { error }));
      throw error;
    });
    const { code, reason, message, field } = error;
    await assert.rejects(first, { code, reason, message, field });
    const again = doWork(replica, callOf("refused"), "work-3", mustNotRun);
    await assert.rejects(again, { code, reason, message, field });
  });

  it("work that ended in an error to try again after is done again by the next that comes", async () => {
    const [shop, replica] = places();
    const error = new AppError("ABORTED", "CHANNEL_UNAVAILABLE", "no answer", { retryAfterSeconds: 3 });
    const first = doWork(shop, callOf("again"), "work-9", async () => {
      await shop.database.transaction((tx) => shop.idempotency.settle(tx, "work-9", { error }));
      throw error;
    });
    await assert.rejects(first, { reason: "CHANNEL_UNAVAILABLE", retryAfterSeconds: 3 });
    const next = doWork(replica, callOf("again"), "work-10", async () => {
      await replica.database.transaction((tx) =>
        replica.idempotency.settle(tx, "work-10", { ok: { id: 9 } }),
      );
      return { id: 9 };
    });
    assert.deepEqual(await next, { id: 9 });
    assert.deepEqual(await doWork(shop, callOf("again"), "work-11", mustNotRun), { id: 9 });
  });

  it("a twin whose time is up is refused and may come again", async () => {
    const [shop, replica] = places();
    await assert.rejects(doWork(shop, callOf("stuck"), "work-4", outcomeUnknown), {
      message: "unknown",
    });
    const soon = callOf("stuck", "user:1", Date.now() + 400);
    await assert.rejects(doWork(replica, soon, "work-5", mustNotRun), {
      code: "ABORTED",
      reason: "IDEMPOTENCY_IN_FLIGHT",
      retryAfterSeconds: 1,
    });
    await shop.database.transaction((tx) => shop.idempotency.settle(tx, "work-4", { ok: { id: 8 } }));
    assert.deepEqual(await doWork(replica, callOf("stuck"), "work-6", mustNotRun), { id: 8 });
  });

  it("a twin that is cancelled waits no longer", async () => {
    const [shop, replica] = places();
    await assert.rejects(doWork(shop, callOf("left"), "work-7", outcomeUnknown));
    const call = callOf("left");
    const twin = doWork(replica, call, "work-8", mustNotRun);
    call.cancel();
    await assert.rejects(twin, { code: "CANCELLED" });
  });

  it("of two that begin at once one does the work and the other waits for it", async () => {
    const places2 = places();
    const start = Promise.withResolvers<void>();
    const ends = places2.map((place, index) => {
      return place.idempotency.once<number>(callOf("both"), request, (commit) =>
        commit.begun(async (begin) => {
          await start.promise;
          const reference = `both-${index}`;
          await place.database.transaction((tx) => begin(tx, reference));
          await place.database.transaction((tx) => place.idempotency.settle(tx, reference, { ok: index }));
          return index;
        }),
      );
    });
    start.resolve();
    const [left, right] = await Promise.all(ends);
    assert.equal(left, right);
  });

  it("who loses the key to a twin that gives it back does the work itself", async () => {
    const [shop, replica] = places();
    const error = new AppError("ABORTED", "LATER", "later", { retryAfterSeconds: 1 });
    let attempts = 0;
    const answer = shop.idempotency.once(callOf("given-back"), request, (commit) =>
      commit.begun(async (begin) => {
        attempts += 1;
        if (attempts === 1) await doWork(replica, callOf("given-back"), "back-1", async () => undefined);
        const begun = shop.database.transaction((tx) => begin(tx, "back-2"));
        if (attempts === 1) {
          const lost = await begun.catch((thrown: unknown) => thrown);
          await replica.database.transaction((tx) => replica.idempotency.settle(tx, "back-1", { error }));
          throw lost;
        }
        await begun;
        return { id: attempts };
      }),
    );
    assert.deepEqual(await answer, { id: 2 });
  });

  it("work begun without a key is settled without a trace", async () => {
    const shop = await openShop(databases, await databases.createDataSource());
    const { database, idempotency } = shop;
    await doWork(shop, callOf(undefined), "nameless", async () => undefined);
    await database.transaction((tx) => idempotency.settle(tx, "nameless", { ok: {} }));
    assert.deepEqual(await database.read({ sql: "SELECT * FROM idempotency", parameters: [] }), []);
  });
}
