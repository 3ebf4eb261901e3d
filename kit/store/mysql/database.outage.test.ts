import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { AppError } from "@mall/kit/errors";
import { Breakers } from "@mall/kit/resilience";
import { systemRuntime } from "@mall/kit/runtime";
import { type PrivateMariadb, startPrivateMariadb, whyNoPrivateMariadb } from "@mall/kit/testing";
import { sql } from "kysely";
import { type Database, DuplicateKeyError, openDatabase, type Transaction } from "../index.ts";

const ONE = { sql: "SELECT 1 AS one", parameters: [] };

describe("a MySQL server that does not answer", { skip: whyNoPrivateMariadb() ?? false }, () => {
  let server: PrivateMariadb;
  let dataSource: string;
  const opened: Database[] = [];
  const refusals: string[] = [];

  before(async () => {
    server = await startPrivateMariadb();
    dataSource = await server.createDatabase();
  });
  after(async () => {
    for (const database of opened) await database.close();
    await server.stop();
  });

  const open = async (params = ""): Promise<Database> => {
    const onRefusal = (kind: string, name: string): void => {
      refusals.push(`${kind} ${name}`);
    };
    const breakers = new Breakers({ runtime: systemRuntime, onRefusal });
    const database = await openDatabase({
      dataSource: dataSource + params,
      runtime: systemRuntime,
      breakers,
    });
    opened.push(database);
    return database;
  };

  it("is given up after readTimeout, statement by statement, and used again when it goes on", async () => {
    const database = await open("?readTimeout=300ms");
    await Promise.all(Array.from({ length: 10 }, () => database.read(ONE)));
    await server.freeze();
    try {
      await assert.rejects(database.read(ONE), isUnavailable);
      await assert.rejects(database.write({ sql: "CREATE TABLE t (id INT)", parameters: [] }), isUnavailable);
      const inTransaction = database.transaction((tx) => tx.read(ONE));
      await assert.rejects(inTransaction, isUnavailable);
      const shared = Array.from({ length: 3 }, () => database.share(async () => {}));
      await Promise.all(shared.map((each) => assert.rejects(each, isUnavailable)));
    } finally {
      server.thaw();
    }
    await untilServed(database);
  });

  it("does not cut schema changes short", async () => {
    const database = await open("?readTimeout=200ms");
    await assert.rejects(database.read({ sql: "SELECT SLEEP(0.6)", parameters: [] }), isUnavailable);
    await database.migrationSession("sample", ({ query }) => sql`SELECT SLEEP(0.6)`.execute(query));
  });

  it("is away while it lets its user in no more, and is used again when it does", async () => {
    const root = await open();
    const write = (text: string) => root.write({ sql: text, parameters: [] });
    await write("CREATE USER shop@'%' IDENTIFIED BY 'old'");
    await write("GRANT ALL ON *.* TO shop@'%'");
    const as = dataSource.replace(/^[^@]*@/, "shop:old@");
    const database = await openDatabase({ dataSource: as, runtime: systemRuntime });
    opened.push(database);
    for (const [ends, begins] of [
      ["ALTER USER shop@'%' IDENTIFIED BY 'new'", "ALTER USER shop@'%' IDENTIFIED BY 'old'"],
      ["ALTER USER shop@'%' ACCOUNT LOCK", "ALTER USER shop@'%' ACCOUNT UNLOCK"],
      ["RENAME USER shop@'%' TO shop@'192.0.2.1'", "RENAME USER shop@'192.0.2.1' TO shop@'%'"],
    ] as const) {
      await write(ends);
      await write("KILL USER shop");
      // The first may still meet the connection that was killed.
      for (const error of [await failureOf(database.read(ONE)), await failureOf(database.read(ONE))])
        assert.ok(isUnavailable(error), `${ends}: ${error.reason}`);
      await assert.rejects(
        database.share(async () => {}),
        isUnavailable,
      );
      await write(begins);
      await untilServed(database);
    }
  });

  it("is spared by a breaker, and served by again within 15 s", async () => {
    const database = await open();
    await database.read(ONE);
    await server.kill();
    const outcomes = new Map<string, number>();
    for (let index = 0; index < 200; index += 1) {
      const { reason } = await failureOf(database.read(ONE));
      outcomes.set(reason, (outcomes.get(reason) ?? 0) + 1);
    }
    assert.ok((outcomes.get("BREAKER_OPEN") ?? 0) > 100, `outcomes: ${JSON.stringify([...outcomes])}`);
    assert.match(refusals.at(-1) ?? "", /^sql 127\.0\.0\.1:\d+\/mall_test_\w+$/);
    await server.restart();
    await untilServed(database, 15_000);
  });

  it("is what the breaker looks at, not what it refuses", async () => {
    const database = await open();
    await database.write({ sql: "CREATE TABLE unique_rows (id INT PRIMARY KEY)", parameters: [] });
    const insert = { sql: "INSERT INTO unique_rows VALUES (1)", parameters: [] };
    await database.write(insert);
    for (let index = 0; index < 50; index += 1) {
      await assert.rejects(database.write(insert), DuplicateKeyError);
      await assert.rejects(database.read({ sql: "SELECT nothing", parameters: [] }), { code: "INTERNAL" });
      const refused = database.transaction(async () => {
        throw new AppError("UNAVAILABLE", "OTHER", "another service is down");
      });
      await assert.rejects(refused, { reason: "OTHER" });
    }
    assert.equal((await database.read(ONE)).length, 1);
  });

  it("keeps nobody waiting for a free connection for more than 3 s", { timeout: 120_000 }, async () => {
    const database = await open();
    const released = Promise.withResolvers<void>();
    const hold = async (tx: Transaction): Promise<void> => {
      await tx.read(ONE);
      await released.promise;
    };
    const holders = Array.from({ length: 64 }, () => database.transaction(hold));
    const startedAt = Date.now();
    await assert.rejects(database.read(ONE), isUnavailable);
    assert.ok(Date.now() - startedAt < 5000);
    released.resolve();
    await Promise.all(holders);
    assert.equal((await database.read(ONE)).length, 1);
  });
});

function isUnavailable(error: unknown): boolean {
  return error instanceof AppError && error.reason === "DATABASE_UNAVAILABLE";
}

async function failureOf(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof AppError);
  return error;
}

/** Asks until the database answers ten times in a row. */
async function untilServed(database: Database, withinMs = 10_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (let served = 0; served < 10; ) {
    try {
      await database.read(ONE);
      served += 1;
    } catch (error) {
      assert.ok(Date.now() < deadline, `still ${String(error)}`);
      served = 0;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
