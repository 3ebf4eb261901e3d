import { after, describe } from "node:test";
import { type Runtime, systemRuntime } from "@mall/kit/runtime";
import type { Database, Dialect } from "@mall/kit/store";
import { startMariadb, type TestMysql, whyNoMysql } from "./mariadb.ts";
import { createTestFolder } from "./test-folder.ts";

/** Where the tests of one suite get their databases from. */
export interface TestDatabases {
  readonly dialect: Dialect;
  /** The data source of a new, empty database; for tests that open it more than once. */
  createDataSource(): Promise<string>;
  /** Opens a database, a new and empty one unless a data source is given; it is closed after the suite. */
  open(options?: { dataSource?: string; runtime?: Runtime }): Promise<Database>;
}

/**
 * Defines the same tests for SQLite and for MySQL, as two suites. Where there is no MySQL its suite is
 * skipped with the reason; in CI that is a failure.
 */
export function forEachDatabase(title: string, define: (databases: TestDatabases) => void): void {
  describe(`${title} (sqlite)`, () => {
    const createDataSource = async (): Promise<string> => `sqlite:${createTestFolder()}/test.db`;
    define({ dialect: "sqlite", createDataSource, open: createOpen(createDataSource) });
  });
  describe(`${title} (mysql)`, { skip: whyNoMysql() ?? false }, () => {
    let server: TestMysql | undefined;
    const createDataSource = async (): Promise<string> => {
      server ??= await requireMysql();
      return server.createDatabase();
    };
    const open = createOpen(createDataSource);
    after(() => server?.stop());
    define({ dialect: "mysql", createDataSource, open });
  });
}

/** Opens databases and closes them before the suite's databases are dropped. */
function createOpen(createDataSource: () => Promise<string>): TestDatabases["open"] {
  const opened: Database[] = [];
  after(async () => {
    for (const database of opened.splice(0)) await database.close();
  });
  return async ({ dataSource, runtime = systemRuntime } = {}) => {
    const { openDatabase } = await import("@mall/kit/store");
    const database = await openDatabase({ dataSource: dataSource ?? (await createDataSource()), runtime });
    opened.push(database);
    return database;
  };
}

async function requireMysql(): Promise<TestMysql> {
  const server = await startMariadb();
  if ("skipped" in server) throw new Error(server.skipped);
  return server;
}
