import { randomBytes } from "node:crypto";
import { systemRuntime } from "@mall/kit/runtime";
import { findMariadb, MariadbProcess } from "./mariadb-process.ts";

/** A test backend that is missing on this machine, and why. */
export interface Skipped {
  readonly skipped: string;
}

/** A MySQL or MariaDB server for tests, shared with other test files. */
export interface TestMysql {
  /** The DSN of a database of the server. */
  dataSource(database: string): string;
  /** Makes an empty database with a random name and returns its DSN. */
  createDatabase(): Promise<string>;
  /** Drops the databases it made. A server that this process started ends with the process. */
  stop(): Promise<void>;
}

/** A server that belongs to one test alone, which may crash it. */
export interface PrivateMariadb extends TestMysql {
  /** Ends the server as a crash would. */
  kill(): Promise<void>;
  /** Starts it again on the same data and port. */
  restart(): Promise<void>;
  /** Freezes it in mid-work: connections stay open, but nothing answers. */
  freeze(): Promise<void>;
  thaw(): void;
}

const VARIABLE = "MALL_TEST_MYSQL";

let ownServer: Promise<MariadbProcess> | undefined;

/** Why tests on MySQL cannot run here; undefined if they can. In CI a missing backend is a failure. */
export function whyNoMysql(): string | undefined {
  if (process.env[VARIABLE] !== undefined || findMariadb() !== undefined) return undefined;
  const reason = `no mariadbd is installed and ${VARIABLE} is not set`;
  if (process.env.CI === "true") throw new Error(reason);
  return reason;
}

/** Why tests that need a server of their own cannot run here: a server that is given is not theirs to crash. */
export function whyNoPrivateMariadb(): string | undefined {
  return whyNoMysql() ?? (findMariadb() === undefined ? "no mariadbd is installed" : undefined);
}

/**
 * The server that `MALL_TEST_MYSQL` (a DSN) names, else one that this process starts on first use and that
 * ends with it, with `options` of `mariadbd` beside the usual ones.
 */
export async function startMariadb(options: readonly string[] = []): Promise<TestMysql | Skipped> {
  const given = process.env[VARIABLE];
  if (given !== undefined) return testMysql((database) => withDatabase(given, database));
  const skipped = whyNoMysql();
  if (skipped !== undefined) return { skipped };
  ownServer ??= MariadbProcess.start({ binary: findMariadb() ?? "mariadbd", more: options });
  const server = await ownServer;
  return testMysql((database) => server.dataSource(database));
}

/**
 * A server for one test alone, with options of `mariadbd` beside the usual ones; in this machine's zone if none is named.
 *
 * @throws Error for the reason that whyNoPrivateMariadb gives.
 */
export async function startPrivateMariadb(
  options: readonly string[] = [],
  zone?: string,
): Promise<PrivateMariadb> {
  const reason = whyNoPrivateMariadb();
  if (reason !== undefined) throw new Error(reason);
  const server = await MariadbProcess.start({
    binary: findMariadb() ?? "mariadbd",
    more: options,
    ...(zone && { zone }),
  });
  return {
    ...testMysql((database) => server.dataSource(database)),
    kill: () => server.kill(),
    restart: () => server.restart(),
    freeze: () => server.freeze(),
    thaw: () => server.thaw(),
    stop: () => server.stop(),
  };
}

/** What is common to servers and nodes of clusters. */
export function testMysql(dataSource: (database: string) => string): TestMysql {
  const created: string[] = [];
  const administer = async (statements: readonly string[]): Promise<void> => {
    // Most users of this folder need no database, and its modules take a while to load.
    const { openDatabase } = await import("@mall/kit/store");
    const database = await openDatabase({ dataSource: dataSource("mysql"), runtime: systemRuntime });
    for (const sql of statements) await database.write({ sql, parameters: [] });
    await database.close();
  };
  return {
    dataSource,
    async createDatabase() {
      const name = `mall_test_${randomBytes(8).toString("hex")}`;
      await administer([`CREATE DATABASE ${name} CHARACTER SET utf8mb4`]);
      created.push(name);
      return dataSource(name);
    },
    async stop() {
      if (created.length > 0) await administer(created.splice(0).map((name) => `DROP DATABASE ${name}`));
    },
  };
}

/** Another database of the server that a DSN names. */
function withDatabase(dataSource: string, database: string): string {
  const slash = dataSource.lastIndexOf("/");
  const question = dataSource.indexOf("?", slash);
  return `${dataSource.slice(0, slash + 1)}${database}${question < 0 ? "" : dataSource.slice(question)}`;
}
