import assert from "node:assert/strict";
import { it } from "node:test";
import { noopObserver, type Observer, type SqlPoolState } from "@mall/kit/observe";
import { systemRuntime } from "@mall/kit/runtime";
import { forEachDatabase, type SampleColumns, sampleMigrations, sampleTable } from "@mall/kit/testing";
import { activeTrace, newTraceContext, runInTrace } from "@mall/kit/trace";
import { createTableModel, type Database, migrateToLatest, openDatabase } from "./index.ts";

/** An observer of statements that keeps what it is told. */
function recordingObserver() {
  const statements: { command: string; inTrace: boolean; failed?: boolean }[] = [];
  const shares: string[] = [];
  const pools: (() => SqlPoolState)[] = [];
  const observer: Observer = {
    ...noopObserver,
    sql: (command) => {
      const statement: (typeof statements)[number] = { command, inTrace: activeTrace() !== undefined };
      statements.push(statement);
      const end = (error: unknown): void => {
        statement.failed = error !== undefined;
      };
      return { trace: undefined, end };
    },
    sqlShare: (command) => {
      shares.push(command);
      return { trace: undefined, end: () => {} };
    },
    sqlPool: (_name, state) => pools.push(state),
  };
  return { observer, statements, shares, pools };
}

forEachDatabase("observed statements", (databases) => {
  const mysql = databases.dialect === "mysql";

  async function open(observer: Observer): Promise<Database> {
    const dataSource = await databases.createDataSource();
    const database = await openDatabase({ dataSource, runtime: systemRuntime, observer });
    await migrateToLatest(database, sampleMigrations);
    return database;
  }

  it("that serve many callers belong to none of their traces; each caller has a share", async () => {
    const { observer, statements, shares } = recordingObserver();
    const database = await open(observer);
    const samples = createTableModel<object, object, SampleColumns>(database, sampleTable);
    statements.length = 0;
    shares.length = 0;
    const insert = (name: string) =>
      runInTrace(newTraceContext(systemRuntime), () => samples.insert({ name, owner: 1, balance: 0 }));
    await Promise.allSettled(["a", "b", "c"].map(insert));
    assert.equal(shares.length, 3);
    assert.ok(statements.length > 0);
    assert.ok(statements.every(({ inTrace, failed }) => !inTrace && failed === false));
    await database.close();
  });

  it("of one caller belong to its trace, and tell that they failed", async () => {
    const { observer, statements } = recordingObserver();
    const database = await open(observer);
    statements.length = 0;
    const read = () => database.read({ sql: "SELECT nothing FROM nowhere", parameters: [] });
    await assert.rejects(runInTrace(newTraceContext(systemRuntime), read));
    const command = mysql ? "query" : "queryStmt";
    assert.deepEqual(statements, [{ command, inTrace: true, failed: true }]);
    await database.close();
  });

  it("show the state of their pool", { skip: mysql ? false : "SQLite has no pool" }, async () => {
    const { observer, pools } = recordingObserver();
    const database = await open(observer);
    const [state] = pools;
    assert.ok(state);
    assert.deepEqual([state().inUse, state().open >= 1, state().maxOpen], [0, true, 64]);
    await database.transaction(async () => {
      assert.equal(state().inUse, 1);
    });
    const many = Array.from({ length: 80 }, () =>
      database.read({ sql: "SELECT SLEEP(0.02)", parameters: [] }),
    );
    await Promise.all(many);
    assert.deepEqual([state().inUse, state().open, state().waitCount], [0, 64, 16]);
    assert.ok(state().waitSeconds > 0);
    await database.close();
  });
});
