import { loadMysqlDatabase, type MigrationSet, parseDataSource } from "@mall/kit/store";
import { applySchema, Catalog, Plans, Server, Session } from "../mysql/index.ts";
import type { WriteWitness } from "./faulty-connection.ts";
import { SimMysqlPool } from "./mysql-pool.ts";
import { type MysqlStore, openSimMysql } from "./open-sim-mysql.ts";
import {
  type DatabaseWorld,
  type InitialRow,
  insertOf,
  type ProcessStorage,
  type ServiceDatabase,
} from "./service-database.ts";
import { type SharedGroup, SharedGroups } from "./shared-groups.ts";

/** A server that tells all ids of an insert and skips what is locked, and one that is too old for both. */
const VERSIONS = ["10.11.6-MariaDB", "10.4.34-MariaDB"] as const;
/** What ids may be apart: where nodes join and leave a cluster, that changes under open sessions. */
const INCREMENTS = [1, 2, 3] as const;
/** How often it changes in a run, and until when, virtual milliseconds. */
const INCREMENT_CHANGES = 4;
const INCREMENT_CHANGES_UNTIL_MS = 30_000;
/** Where the process believes the server to be; its own pool is in the place of the driver's. */
const SOURCE = parseDataSource("mall@tcp(mysql.sim:3306)/mall?loc=UTC");

interface Run {
  readonly server: Server;
  readonly reader: Session;
  readonly world: DatabaseWorld;
  readonly groups: SharedGroups;
}

/** The database of a service on a simulated MySQL server: a new one for every run, under the store's real code. */
export class MysqlService implements ServiceDatabase<WriteWitness> {
  readonly #plans: Plans;
  readonly #Store: MysqlStore;
  readonly #name: string;
  readonly #lent: ProcessStorage[] = [];
  #run: Run | undefined;

  private constructor(name: string, plans: Plans, Store: MysqlStore) {
    this.#name = name;
    this.#plans = plans;
    this.#Store = Store;
  }

  static async create(name: string, migrations: readonly MigrationSet[]): Promise<MysqlService> {
    const catalog = new Catalog();
    for (const { migrations: steps } of migrations) {
      for (const sql of steps.flatMap(({ mysql }) => mysql)) applySchema(catalog, sql);
    }
    return new MysqlService(name, new Plans(catalog), await loadMysqlDatabase());
  }

  get commits(): number {
    return this.#run?.server.commits ?? 0;
  }

  get groups(): readonly SharedGroup[] {
    return this.#run?.groups.several ?? [];
  }

  lend(index: number): ProcessStorage {
    this.#lent[index] ??= this.#createStorage();
    return this.#lent[index];
  }

  showTo(witness: WriteWitness): void {
    this.#running.server.onCommit(({ changes }) => {
      for (const { data, version, sql } of changes) {
        const { cells, before } = version;
        if (cells === undefined || before?.cells === undefined) continue;
        const named = (values: readonly unknown[]): Record<string, unknown> =>
          Object.fromEntries(data.table.columns.map(({ name }, position) => [name, values[position]]));
        witness.changed({ sql, table: data.table.name, before: named(before.cells), after: named(cells) });
      }
    });
  }

  reset(rows: readonly InitialRow[], world: DatabaseWorld): void {
    const { kernel, startMs } = world;
    const random = kernel.random(`mysql ${this.#name}`);
    const clock = {
      now: () => Math.floor(startMs + kernel.now),
      later: (delayMs: number, run: () => void) => kernel.schedule(delayMs, run),
    };
    const version = random.pick(VERSIONS);
    const server = new Server(this.#plans, clock, { version, autoIncrement: { increment: 1, offset: 1 } });
    for (let change = 0; change < INCREMENT_CHANGES; change += 1) {
      const increment = random.pick(INCREMENTS);
      const autoIncrement = { increment, offset: random.int(1, increment) };
      kernel.schedule(random.float() * INCREMENT_CHANGES_UNTIL_MS, () => {
        server.traits = { version, autoIncrement };
      });
    }
    const reader = new Session(server);
    this.#run = { server, reader, world, groups: new SharedGroups() };
    this.#lent.length = 0;
    for (const row of rows) {
      const { sql, parameters } = insertOf(row, "`");
      this.#ask(sql, parameters.map(String));
    }
    this.#ask("SET SESSION sql_mode = 'ANSI'", []);
  }

  read<Row>(sql: string): readonly Row[] {
    // The caller knows what the statement selects.
    return this.#ask(sql, []) as readonly Row[];
  }

  close(): void {
    this.#run = undefined;
  }

  get #running() {
    if (this.#run === undefined) throw new Error("no run has begun");
    return this.#run;
  }

  /** Nobody but processes waits for locks: what is asked here is answered at once. */
  #ask(sql: string, parameters: readonly string[]): unknown {
    let answer: unknown;
    this.#running.reader.query(sql, parameters, (error, reply) => {
      if (error !== null) throw error;
      answer = reply;
    });
    return answer;
  }

  #createStorage(): ProcessStorage {
    const pools: SimMysqlPool[] = [];
    return {
      open: (host, refusal) => {
        const { server, world, groups } = this.#running;
        const createPool = (connectionsMax: number): SimMysqlPool => {
          const pool = new SimMysqlPool({ server, kernel: world.kernel, host, refusal, connectionsMax });
          pools.push(pool);
          return pool;
        };
        if (SOURCE.dialect !== "mysql") throw new Error("the data source is not one of MySQL");
        return openSimMysql(this.#Store, SOURCE, { host, createPool, groups });
      },
      abandon: () => {
        for (const pool of pools.splice(0)) pool.abandon();
      },
    };
  }
}
