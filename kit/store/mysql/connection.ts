import { type Observer, observeUntil, type SqlCommand } from "@mall/kit/observe";
import type { Runtime } from "@mall/kit/runtime";
import type { ResultSetHeader } from "mysql2";
import type { MysqlSource } from "../data-source.ts";
import type { RawRow, Statement, StatementRunner, WriteResult } from "../statement.ts";
import { databaseUnavailable } from "../store-errors.ts";
import { convertConnectError, convertMysqlError, isReadOnlyServer } from "./errors.ts";
import { CONNECTIONS_MAX, createMysqlPool, preferTls, type RawConnection, type RawPool } from "./pool.ts";
import { type PoolWatch, watchPool } from "./pool-watch.ts";
import { type MysqlServer, mysqlServer, READ_SERVER } from "./server.ts";
import { WriteWatch } from "./write-watch.ts";

/** Longest wait for a connection of the pool to be free: callers have two or three seconds in all. */
const FREE_MS_MAX = 3_000;

/**
 * Strict, so that nothing is cut or rounded to fit; and without NO_BACKSLASH_ESCAPES, on which the escaping
 * of parameters relies.
 */
const SQL_MODE = "STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION";

/**
 * On Galera, by name so that a DSN may say otherwise: a statement outside of a transaction and the BEGIN of one wait
 * until this node has applied what any node had committed before (1: reads, 2: updates and deletes). So what was
 * answered by a process on one node is there for who asks on another; inserts meet at their keys anyway. A statement
 * whose commit meets another node's is run again by the store and not by the server, which may have told ids already.
 */
const GALERA_VARIABLES: Readonly<Record<string, string>> = {
  wsrep_sync_wait: "3",
  wsrep_retry_autocommit: "0",
};

/** One connection of the pool, set up for the store. */
export class MysqlConnection implements StatementRunner {
  readonly #connection: RawConnection;
  readonly #context: ConnectionContext;
  #isPatient = false;
  /** Its server takes no writes any more. */
  #isDemoted = false;
  readonly server: MysqlServer;

  constructor(connection: RawConnection, server: MysqlServer, context: ConnectionContext) {
    this.#connection = connection;
    this.#context = context;
    this.server = server;
  }

  async read(statement: Statement): Promise<RawRow[]> {
    return (await this.#run("query", statement)) as RawRow[];
  }

  async write(statement: Statement): Promise<WriteResult> {
    const { writes } = this.#context;
    try {
      const result = writtenBy(await this.#run("exec", statement));
      if (result.changes > 0) writes.succeeded();
      return result;
    } catch (error) {
      writes.failed(error);
      // Where writes went to another server, as in a failover behind one name, only a new connection gets there.
      this.#isDemoted ||= isReadOnlyServer(error);
      throw error;
    }
  }

  /** Runs work whose statements may take any time. */
  async patiently<T>(work: () => Promise<T>): Promise<T> {
    this.#isPatient = true;
    try {
      return await work();
    } finally {
      this.#isPatient = false;
    }
  }

  /** Gives the connection back to its pool, which drops it if it is broken. */
  release(): void {
    if (this.#isDemoted) this.destroy();
    else this.#connection.release();
  }

  /** Closes the connection: its session is in an unknown state. */
  destroy(): void {
    this.#context.watch?.dropped(this.#connection);
    this.#connection.destroy();
  }

  #run(command: SqlCommand, statement: Statement): Promise<unknown> {
    const observation = this.#context.observer.sql?.(command, statement.sql);
    const result = this.#withinTime(statement);
    return observation === undefined ? result : observeUntil(observation, result);
  }

  /** A statement that is not answered in time leaves a connection behind that nobody can use any more. */
  #withinTime(statement: Statement): Promise<unknown> {
    const result = runStatement(this.#connection, statement);
    return this.#isPatient ? result : answerWithin(this.#context, result, () => this.destroy());
  }
}

/** What the connections of a pool share. */
interface ConnectionContext {
  readonly runtime: Runtime;
  readonly observer: Observer;
  /** Longest wait for the answer to a statement, milliseconds; 0 for no limit. */
  readonly answerMsMax: number;
  readonly watch: PoolWatch | undefined;
  readonly writes: WriteWatch;
}

export interface MysqlPoolOptions {
  readonly runtime: Runtime;
  readonly observer: Observer;
  /** Takes the place of the driver: makes a pool of at most so many connections. */
  readonly createPool?: ((connectionsMax: number) => RawPool) | undefined;
}

/** What differs on the connections of a pool. */
export interface PoolKind {
  readonly connectionsMax: number;
  readonly isolation?: "read committed";
  /** Session variables, whatever the data source says. */
  readonly variables?: Readonly<Record<string, string>>;
}

const USUAL: PoolKind = { connectionsMax: CONNECTIONS_MAX };

/** A pool of connections, opened when first needed. */
export class MysqlPool {
  readonly #pool: RawPool;
  readonly #variables: Readonly<Record<string, string>>;
  readonly #isolation: PoolKind["isolation"];
  readonly #ready = new WeakMap<RawConnection, MysqlConnection>();
  readonly #context: ConnectionContext;
  /** What its connections tell about whether the database takes writes. */
  readonly writes: WriteWatch;

  constructor(source: MysqlSource, options: MysqlPoolOptions, kind = USUAL) {
    const { runtime, observer } = options;
    this.#variables = { ...source.sessionVariables, ...kind.variables };
    this.#isolation = kind.isolation;
    const { pool, watch } = openPool(source, options, kind);
    this.#pool = pool;
    this.writes = new WriteWatch(runtime);
    this.#context = { runtime, observer, watch, writes: this.writes, answerMsMax: source.readTimeoutMs };
  }

  /** A connection for the caller alone until it is released. Errors as in StatementRunner. */
  async acquire(): Promise<MysqlConnection> {
    const { watch } = this.#context;
    const raw = await (watch === undefined ? this.#take() : watch.timed(() => this.#take()));
    return this.#ready.get(raw) ?? this.#prepare(raw);
  }

  #take(): Promise<RawConnection> {
    return new Promise((resolve, reject) => {
      let isLate = false;
      const timer = this.#context.runtime.setTimer(() => {
        isLate = true;
        reject(databaseUnavailable(new Error(`no connection was free within ${FREE_MS_MAX} ms`)));
      }, FREE_MS_MAX);
      this.#pool.getConnection((error, connection) => {
        timer.clear();
        if (error) reject(convertConnectError(error));
        else if (isLate) connection.release();
        else resolve(connection);
      });
    });
  }

  async #prepare(raw: RawConnection): Promise<MysqlConnection> {
    try {
      const run = (statement: Statement): Promise<unknown> =>
        answerWithin(this.#context, runStatement(raw, statement), () => {});
      const server = mysqlServer((await run(READ_SERVER)) as RawRow[]);
      const variables = server.isGalera ? { ...GALERA_VARIABLES, ...this.#variables } : this.#variables;
      await run(setUpStatement(variables));
      if (this.#isolation !== undefined) {
        const sql = `SET SESSION TRANSACTION ISOLATION LEVEL ${this.#isolation.toUpperCase()}`;
        await run({ sql, parameters: [] });
      }
      const connection = new MysqlConnection(raw, server, this.#context);
      this.#ready.set(raw, connection);
      return connection;
    } catch (error) {
      this.#context.watch?.dropped(raw);
      raw.destroy();
      throw error;
    }
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pool.end((error) => (error ? reject(error) : resolve()));
    });
  }
}

function openPool(
  source: MysqlSource,
  { runtime, observer, createPool }: MysqlPoolOptions,
  kind: PoolKind,
): { pool: RawPool; watch: PoolWatch | undefined } {
  const { connectionsMax } = kind;
  if (createPool !== undefined) return { pool: createPool(connectionsMax), watch: undefined };
  const driver = createMysqlPool(source, connectionsMax);
  if (source.tls !== "off" && source.plaintextAllowed) {
    // Which of the two serves is known with the first connection: neither is watched.
    const plain = createMysqlPool({ ...source, tls: "off" }, connectionsMax);
    return { pool: preferTls(driver, plain), watch: undefined };
  }
  // The metrics know one pool of a database.
  if (kind !== USUAL) return { pool: driver, watch: undefined };
  return { pool: driver, watch: watchPool(driver, source, { observer, runtime, maxOpen: connectionsMax }) };
}

function setUpStatement(variables: Readonly<Record<string, string>>): Statement {
  const sets = [`sql_mode = '${SQL_MODE}'`];
  for (const [name, value] of Object.entries(variables)) sets.push(`${name} = ${value}`);
  // In no other zone is every instant a text of its own; what the texts mean is up to storedTimes.
  sets.push("time_zone = '+00:00'");
  return { sql: `SET ${sets.map((set) => `SESSION ${set}`).join(", ")}`, parameters: [] };
}

function writtenBy(result: unknown): WriteResult {
  if (Array.isArray(result)) return { rows: result as RawRow[], changes: result.length, insertId: 0 };
  const { affectedRows, insertId } = result as ResultSetHeader;
  return { rows: [], changes: affectedRows, insertId };
}

function runStatement(connection: RawConnection, { sql, parameters }: Statement): Promise<unknown> {
  return new Promise((resolve, reject) => {
    connection.query({ sql, values: [...parameters] }, (error, result) => {
      if (error) reject(convertMysqlError(withoutSql(error)));
      else resolve(result);
    });
  });
}

/** Passes a result on, or gives up when it takes too long. */
function answerWithin(
  { runtime, answerMsMax }: ConnectionContext,
  result: Promise<unknown>,
  giveUp: () => void,
): Promise<unknown> {
  if (answerMsMax === 0) return result;
  return new Promise((resolve, reject) => {
    const timer = runtime.setTimer(() => {
      giveUp();
      reject(databaseUnavailable(new Error(`no answer to a statement within ${answerMsMax} ms`)));
    }, answerMsMax);
    result.then(
      (value) => {
        timer.clear();
        resolve(value);
      },
      (error: unknown) => {
        timer.clear();
        reject(error);
      },
    );
  });
}

/** mysql2 keeps the statement with its values in the error, and causes go to the log. */
function withoutSql(error: Error): Error {
  Reflect.deleteProperty(error, "sql");
  return error;
}
