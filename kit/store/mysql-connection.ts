import { createPool, type Pool, type PoolConnection, type ResultSetHeader } from "mysql2";
import type { MysqlSource } from "./data-source.ts";
import type { RawRow, Statement, StatementRunner, WriteResult } from "./database.ts";
import { convertMysqlError } from "./mysql-errors.ts";

/** As go-zero's pool. */
const CONNECTIONS_MAX = 64;

/**
 * Strict, so that nothing is cut or rounded to fit; and without NO_BACKSLASH_ESCAPES, on which the escaping
 * of parameters relies.
 */
const SQL_MODE = "STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION";

const ID_INCREMENT: Statement = { sql: "SELECT @@session.auto_increment_increment AS step", parameters: [] };

/** One connection of the pool, set up for the store. */
export class MysqlConnection implements StatementRunner {
  readonly #connection: PoolConnection;
  /** The distance of the ids that one insert of many rows gives out; above 1 on clusters. */
  readonly idIncrement: number;

  constructor(connection: PoolConnection, idIncrement: number) {
    this.#connection = connection;
    this.idIncrement = idIncrement;
  }

  async read(statement: Statement): Promise<RawRow[]> {
    return (await runStatement(this.#connection, statement)) as RawRow[];
  }

  async write(statement: Statement): Promise<WriteResult> {
    const result = await runStatement(this.#connection, statement);
    if (Array.isArray(result)) return { rows: result as RawRow[], changes: result.length, insertId: 0 };
    const { affectedRows, insertId } = result as ResultSetHeader;
    return { rows: [], changes: affectedRows, insertId };
  }

  /** Gives the connection back to its pool, which drops it if it is broken. */
  release(): void {
    this.#connection.release();
  }

  /** Closes the connection: its session is in an unknown state. */
  destroy(): void {
    this.#connection.destroy();
  }
}

/** A pool of at most 64 connections, opened when first needed. */
export class MysqlPool {
  readonly #pool: Pool;
  readonly #setUp: Statement;
  readonly #ready = new WeakMap<PoolConnection, MysqlConnection>();

  constructor(source: MysqlSource) {
    this.#pool = createPool({
      ...("socketPath" in source.address ? source.address : { ...source.address }),
      user: source.user,
      password: source.password,
      database: source.database,
      charset: "UTF8MB4_GENERAL_CI",
      connectTimeout: source.connectTimeoutMs,
      connectionLimit: CONNECTIONS_MAX,
      dateStrings: true,
      enableKeepAlive: true,
      flags: ["FOUND_ROWS"],
      jsonStrings: true,
      stringifyObjects: true,
      supportBigNumbers: true,
      ...(source.tls === "off"
        ? {}
        : { ssl: { rejectUnauthorized: source.tls === "verify", verifyIdentity: source.tls === "verify" } }),
    });
    this.#setUp = setUpStatement(source.sessionVariables);
  }

  /** A connection for the caller alone until it is released. Errors as in StatementRunner. */
  async acquire(): Promise<MysqlConnection> {
    const raw = await new Promise<PoolConnection>((resolve, reject) => {
      this.#pool.getConnection((error, connection) => {
        if (error) reject(convertMysqlError(error));
        else resolve(connection);
      });
    });
    return this.#ready.get(raw) ?? this.#prepare(raw);
  }

  async #prepare(raw: PoolConnection): Promise<MysqlConnection> {
    try {
      await runStatement(raw, this.#setUp);
      const [row] = (await runStatement(raw, ID_INCREMENT)) as RawRow[];
      const connection = new MysqlConnection(raw, Number(row?.step));
      this.#ready.set(raw, connection);
      return connection;
    } catch (error) {
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

function setUpStatement(variables: Readonly<Record<string, string>>): Statement {
  const sets = [`sql_mode = '${SQL_MODE}'`];
  for (const [name, value] of Object.entries(variables)) sets.push(`${name} = ${value}`);
  return { sql: `SET ${sets.map((set) => `SESSION ${set}`).join(", ")}`, parameters: [] };
}

function runStatement(connection: PoolConnection, { sql, parameters }: Statement): Promise<unknown> {
  return new Promise((resolve, reject) => {
    connection.query({ sql, values: [...parameters] }, (error, result) => {
      if (error) reject(convertMysqlError(withoutSql(error)));
      else resolve(result);
    });
  });
}

/** mysql2 keeps the statement with its values in the error, and causes go to the log. */
function withoutSql(error: Error): Error {
  Reflect.deleteProperty(error, "sql");
  return error;
}
