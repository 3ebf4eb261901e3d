import type { Observer } from "@mall/kit/observe";
import { type Breaker, type Breakers, runBehind, type Verdict } from "@mall/kit/resilience";
import type { Runtime } from "@mall/kit/runtime";
import type { Kysely } from "kysely";
import { type MysqlSource, serverText } from "../data-source.ts";
import type {
  AnyTables,
  Database,
  MigrationSession,
  RowTransaction,
  Snapshot,
  TableStore,
  TimeText,
  Transaction,
  TransactionEnd,
  TransactionOptions,
} from "../database.ts";
import { createKysely } from "../kysely-runner.ts";
import { observeShare } from "../observe-share.ts";
import { retryBusy } from "../retry-busy.ts";
import { GROUPS_MAX, SharedTransactions } from "../shared/shared-transactions.ts";
import type { RawRow, Statement, WriteResult } from "../statement.ts";
import { DatabaseBusyError } from "../store-errors.ts";
import type { TableDefinition } from "../table.ts";
import { zoneOffset, zoneTimeText } from "../time-text.ts";
import { writeTroubleOf } from "../write-trouble.ts";
import { type MysqlConnection, MysqlPool, type PoolKind } from "./connection.ts";
import { isOutage } from "./errors.ts";
import { MigrationClaim } from "./migration-claim.ts";
import type { RawPool } from "./pool.ts";
import { readServerZone, type ServerZone } from "./server-zone.ts";
import { storedTimes } from "./stored-times.ts";
import { MysqlTable } from "./table.ts";
import { MysqlTransaction } from "./transaction.ts";

export interface MysqlDatabaseOptions {
  readonly runtime: Runtime;
  readonly observer: Observer;
  readonly breakers: Breakers | undefined;
  /** Takes the place of the driver: makes a pool of at most so many connections. */
  readonly createPool?: ((connectionsMax: number) => RawPool) | undefined;
}

/**
 * The sessions that many share a transaction on. Each look of theirs must see what is committed by then, as what one
 * of them waits for may be committed after another's first look. And none of them may wait for long, since all wait. A
 * transaction begins with its first statement, which saves a way.
 */
const SHARED: PoolKind = {
  connectionsMax: GROUPS_MAX,
  isolation: "read committed",
  variables: { innodb_lock_wait_timeout: "1", autocommit: "0" },
};

/** Whatever isolation the server is set to. */
const BEGIN_SNAPSHOT = [
  "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
  "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
];

/**
 * What an error says about the server. go-zero counts every error but duplicate keys and missing rows, so that
 * one wrong statement can close the way for all others; here only a server that does not answer is spared.
 */
function judgeServer(error: unknown): Verdict {
  return isOutage(error) ? "failed" : "answered";
}

function nameOf({ address, database }: MysqlSource): string {
  return `${serverText(address)}/${database}`;
}

/** A MySQL or MariaDB database behind a connection pool. */
export class MysqlDatabase implements Database {
  readonly dialect = "mysql";
  readonly runtime: Runtime;
  readonly observer: Observer;
  readonly times: TimeText;
  readonly wallTimes: TimeText;
  readonly zoneTimes: TimeText;
  readonly query: Kysely<AnyTables>;
  readonly #pool: MysqlPool;
  readonly #sharedPool: MysqlPool;
  readonly #shared: SharedTransactions;
  readonly #breaker: Breaker | undefined;
  /** Of any table that is used. */
  #tableName: string | undefined;

  constructor(
    source: MysqlSource,
    options: MysqlDatabaseOptions,
    serverZone: ServerZone,
    pool = new MysqlPool(source, options),
  ) {
    const { runtime, observer, breakers } = options;
    this.runtime = runtime;
    this.observer = observer;
    this.#breaker = breakers?.create("sql", nameOf(source));
    const loc = zoneOffset(source.zone);
    this.times = storedTimes(serverZone.offsetAt, loc);
    this.wallTimes = storedTimes(() => 0, loc);
    this.zoneTimes = zoneTimeText(source.zone);
    this.#pool = pool;
    this.#sharedPool = new MysqlPool(source, options, SHARED);
    this.#shared = new SharedTransactions({
      runtime,
      pool: this.#sharedPool,
      alone: (work) => retryBusy(runtime, () => this.#transactOnce(work, {})),
    });
    this.query = createKysely("mysql", this, this.times);
  }

  /** Asks the server for its zone, on which the text of times depends; so it has answered. Errors as in StatementRunner. */
  static async open(source: MysqlSource, options: MysqlDatabaseOptions): Promise<MysqlDatabase> {
    const pool = new MysqlPool(source, options);
    try {
      const connection = await pool.acquire();
      try {
        const serverZone = await readServerZone(connection, source, options.runtime.now());
        return new MysqlDatabase(source, options, serverZone, pool);
      } finally {
        connection.release();
      }
    } catch (error) {
      await pool.close();
      throw error;
    }
  }

  read(statement: Statement): Promise<readonly RawRow[]> {
    return this.onConnection((connection) => connection.read(statement));
  }

  write(statement: Statement): Promise<WriteResult> {
    return retryBusy(this.runtime, () => this.onConnection((connection) => connection.write(statement)));
  }

  /** Runs `work` on a connection of its own, outside of a transaction. */
  onConnection<T>(work: (connection: MysqlConnection) => Promise<T>): Promise<T> {
    return this.#guarded(async () => {
      const connection = await this.#pool.acquire();
      try {
        return await work(connection);
      } finally {
        connection.release();
      }
    });
  }

  transaction<T>(work: (tx: Transaction) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    return retryBusy(this.runtime, () => this.#guarded(() => this.#transactOnce(work, options)));
  }

  share<T>(work: (tx: RowTransaction) => Promise<T>): Promise<T> {
    return this.#guarded(() => observeShare(this.observer, "exec", this.#shared.run(work)));
  }

  /** Its statements may take any time: what they read may be all of a table. */
  snapshot<T>(work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    return this.onConnection((connection) =>
      connection.patiently(async () => {
        for (const sql of BEGIN_SNAPSHOT) await connection.write({ sql, parameters: [] });
        try {
          return await work(connection);
        } finally {
          await connection.write({ sql: "ROLLBACK", parameters: [] }).catch(() => connection.destroy());
        }
      }),
    );
  }

  /** MySQL ends transactions at schema changes, so what is done stays done. */
  async migrationSession<T>(owner: string, work: (session: MigrationSession) => Promise<T>): Promise<T> {
    const claim = new MigrationClaim(this, owner);
    await claim.take();
    const step = (part: () => Promise<void>): Promise<void> =>
      retryBusy(this.runtime, async () => {
        await claim.assertHeld();
        await part();
      });
    try {
      return await this.onConnection((connection) =>
        connection.patiently(() => work({ query: createKysely("mysql", connection, this.times), step })),
      );
    } finally {
      await claim.giveBack();
    }
  }

  openTable(table: TableDefinition): TableStore {
    this.#tableName ??= table.name;
    return new MysqlTable(this, table);
  }

  async ping(): Promise<void> {
    await this.read({ sql: "SELECT 1", parameters: [] });
  }

  /** Past the breaker, which knows what was and not what is. */
  async writeTrouble(): Promise<string | undefined> {
    const { writes } = this.#pool;
    if (writes.hasWritten) return undefined;
    if (writes.fullError !== undefined) return writeTroubleOf(writes.fullError);
    try {
      const connection = await this.#pool.acquire();
      try {
        await connection.write({ sql: this.#emptyWrite, parameters: [] });
      } finally {
        connection.release();
      }
      return undefined;
    } catch (error) {
      return writeTroubleOf(error);
    }
  }

  /** A server that takes no writes refuses this one too, before it sees that there is nothing to do. */
  get #emptyWrite(): string {
    return this.#tableName === undefined ? "SELECT 1" : `DELETE FROM \`${this.#tableName}\` WHERE 1 = 0`;
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool.close(), this.#sharedPool.close()]);
  }

  #guarded<T>(work: () => Promise<T>): Promise<T> {
    return this.#breaker === undefined ? work() : runBehind(this.#breaker, judgeServer, work);
  }

  async #transactOnce<T>(
    work: (tx: Transaction) => Promise<T>,
    { isolation }: TransactionOptions,
  ): Promise<T> {
    const tx = new MysqlTransaction(await this.#pool.acquire(), this.times);
    let end: TransactionEnd = "rolledBack";
    try {
      await tx.begin(isolation);
      const result = await work(tx);
      end = "unknown";
      await tx.commit();
      end = "committed";
      return result;
    } catch (error) {
      // A server that answers COMMIT so has rolled back: on a cluster another node's transaction was first.
      if (error instanceof DatabaseBusyError) end = "rolledBack";
      await tx.rollback();
      throw error;
    } finally {
      await tx.settle(end);
    }
  }
}
