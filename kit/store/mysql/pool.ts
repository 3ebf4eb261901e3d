import { createPool, type Pool } from "mysql2";
import type { MysqlSource } from "../data-source.ts";
import type { SqlValue } from "../statement.ts";

/** As go-zero's pool. */
export const CONNECTIONS_MAX = 64;

/** What the store needs of a connection of the driver. */
export interface RawConnection {
  /** A result is the rows of an answer that has some, else what was changed, as mysql2 has both. */
  query(
    statement: { sql: string; values: SqlValue[] },
    done: (error: Error | null, result: unknown) => void,
  ): unknown;
  /** Gives the connection back to its pool, which drops it if it is broken. */
  release(): void;
  /** Closes the connection. */
  destroy(): void;
}

/** What the store needs of a pool of the driver. */
export interface RawPool {
  getConnection(done: (error: Error | null, connection: RawConnection) => void): unknown;
  end(done: (error?: Error | null) => void): unknown;
}

/** What the driver says of a server that it was to speak TLS with. */
const NO_TLS = "HANDSHAKE_NO_SSL_SUPPORT";

/** Takes connections of a pool that speaks TLS, and of one that does not where the server knows none. */
export function preferTls(secured: RawPool, inTheClear: RawPool): RawPool {
  return {
    getConnection: (done) =>
      secured.getConnection((error, connection) => {
        if (error !== null && "code" in error && error.code === NO_TLS) inTheClear.getConnection(done);
        else done(error, connection);
      }),
    end: (done) => secured.end((first) => inTheClear.end((second) => done(first ?? second ?? null))),
  };
}

/** The driver's pool of at most so many connections, opened when first needed. */
export function createMysqlPool(source: MysqlSource, connectionsMax: number): Pool {
  return createPool({
    ...("socketPath" in source.address ? source.address : { ...source.address }),
    user: source.user,
    password: source.password,
    database: source.database,
    charset: "UTF8MB4_GENERAL_CI",
    connectTimeout: source.connectTimeoutMs,
    connectionLimit: connectionsMax,
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
}
