import {
  type CompiledQuery,
  type DatabaseConnection,
  Kysely,
  type Dialect as KyselyDialect,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import type { AnyTables, TimeText } from "./database.ts";
import type { Dialect, SqlValue, StatementRunner } from "./statement.ts";

const READING_TEXT = /^\s*(select|show)\b/i;

/** Kysely that runs its statements through `runner`, so that locking, errors and times have one home. */
export function createKysely(dialect: Dialect, runner: StatementRunner, times: TimeText): Kysely<AnyTables> {
  const connection = new RunnerConnection(runner, times);
  return new Kysely<AnyTables>({ dialect: kyselyDialect(dialect, connection) });
}

function kyselyDialect(dialect: Dialect, connection: DatabaseConnection): KyselyDialect {
  const createDriver = () => ({
    init: async () => {},
    acquireConnection: async () => connection,
    beginTransaction: refuseTransaction,
    commitTransaction: refuseTransaction,
    rollbackTransaction: refuseTransaction,
    releaseConnection: async () => {},
    destroy: async () => {},
  });
  if (dialect === "mysql") {
    return {
      createDriver,
      createAdapter: () => new MysqlAdapter(),
      createQueryCompiler: () => new MysqlQueryCompiler(),
      createIntrospector: (db) => new MysqlIntrospector(db),
    };
  }
  return {
    createDriver,
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}

/** Kysely's own transactions know neither our lock nor our retries. */
async function refuseTransaction(): Promise<void> {
  throw new Error("use database.transaction() instead of Kysely's transaction()");
}

class RunnerConnection implements DatabaseConnection {
  readonly #runner: StatementRunner;
  readonly #times: TimeText;

  constructor(runner: StatementRunner, times: TimeText) {
    this.#runner = runner;
    this.#times = times;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const parameters = query.parameters.map((value) => toSqlValue(value, this.#times));
    const statement = { sql: query.sql, parameters };
    if (isReading(query)) return { rows: [...(await this.#runner.read(statement))] as R[] };
    const result = await this.#runner.write(statement);
    return {
      rows: [...result.rows] as R[],
      numAffectedRows: BigInt(result.changes),
      insertId: BigInt(result.insertId),
    };
  }

  // biome-ignore lint/correctness/useYield: Kysely's interface asks for a generator, and streaming is not offered.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error("streaming is not supported: page with a where on the id");
  }
}

function isReading(query: CompiledQuery): boolean {
  if (query.query.kind === "SelectQueryNode") return true;
  return query.query.kind === "RawNode" && READING_TEXT.test(query.sql);
}

function toSqlValue(value: unknown, times: TimeText): SqlValue {
  if (value instanceof Date) return times.toText(value);
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value === null || value instanceof Uint8Array) return value;
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint") return value;
  throw new TypeError(`a query parameter cannot be ${value === undefined ? "undefined" : typeof value}`);
}
