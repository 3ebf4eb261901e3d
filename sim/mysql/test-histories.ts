import { parseDataSource } from "@mall/kit/store";
import { type Connection, createConnection } from "mysql2";
import { applySchema, Catalog, Plans, Server, Session } from "./index.ts";

/** A statement of one of some sessions; sessions are numbered from 0. */
export interface Step {
  readonly session: number;
  readonly sql: string;
  readonly parameters?: readonly (string | number | null)[];
  /** The time passes by which a statement that waits gives up. */
  readonly untilTimeout?: boolean;
}

/** What was so after a step: the statements that ended, with what came of them, and those that wait. */
export interface After {
  readonly step: string;
  readonly ended: Readonly<Record<string, unknown>>;
  readonly waiting: readonly number[];
}

const SCHEMA = [
  "CREATE TABLE `item` (\n  `id` bigint unsigned NOT NULL AUTO_INCREMENT,\n  `code` varchar(32) NOT NULL,\n" +
    "  `kind` varchar(16) NOT NULL DEFAULT 'a',\n  `n` int unsigned NOT NULL DEFAULT '0',\n" +
    "  `owner` bigint unsigned NULL,\n  `at` timestamp NULL,\n" +
    "  `update_time` timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,\n" +
    "  PRIMARY KEY (`id`),\n  UNIQUE KEY `uk_code` (`code`),\n  KEY `idx_kind_n` (`kind`,`n`)\n" +
    ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4",
] as const;

/** Runs histories on the simulated server. */
export class SimulatedServer {
  readonly #server: Server;
  readonly #sessions: Session[] = [];
  readonly #open = new Set<number>();
  readonly #ended: Record<string, unknown> = {};
  readonly #timers: { at: number; run: () => void; isCancelled: boolean }[] = [];
  #now = Date.UTC(2026, 0, 1);

  constructor() {
    const catalog = new Catalog();
    for (const sql of SCHEMA) applySchema(catalog, sql);
    const later = (delayMs: number, run: () => void) => {
      const timer = { at: this.#now + delayMs, run, isCancelled: false };
      this.#timers.push(timer);
      return {
        cancel: () => {
          timer.isCancelled = true;
        },
      };
    };
    const clock = { now: () => this.#now, later };
    const autoIncrement = { increment: 1, offset: 1 };
    this.#server = new Server(new Plans(catalog), clock, { version: "10.11.6-MariaDB", autoIncrement });
  }

  /** Sessions whose last statement waits. */
  get waiting(): number[] {
    return [...this.#open].toSorted();
  }

  play({ session, sql, parameters = [], untilTimeout = false }: Step): After {
    this.#sessions[session] ??= new Session(this.#server);
    this.#open.add(session);
    this.#sessions[session].query(sql, parameters, (error, reply) => {
      this.#open.delete(session);
      this.#ended[session] = outcomeOf(error, reply);
    });
    this.#settle(untilTimeout);
    const ended = { ...this.#ended };
    for (const name of Object.keys(ended)) delete this.#ended[name];
    return { step: `${session}: ${sql} [${parameters.join()}]`, ended, waiting: this.waiting };
  }

  #settle(untilTimeout: boolean): void {
    for (;;) {
      const until = untilTimeout ? Number.POSITIVE_INFINITY : this.#now;
      const at = this.#timers.findIndex((timer) => timer.at <= until);
      const [timer] = at < 0 ? [] : this.#timers.splice(at, 1);
      if (timer === undefined) return;
      if (timer.isCancelled) continue;
      this.#now = Math.max(this.#now, timer.at);
      timer.run();
    }
  }
}

/** What came of a statement, without what no two servers have in common. */
function outcomeOf(error: Error | null, reply: unknown): unknown {
  if (error !== null) {
    const errno: unknown = Reflect.get(error, "errno");
    return errno === undefined
      ? error.message
      : `error ${errno} ${/ for key .*$/.exec(error.message)?.[0] ?? ""}`;
  }
  if (Array.isArray(reply)) return JSON.parse(JSON.stringify(reply));
  const { affectedRows, insertId } = Object(reply);
  return { affectedRows, insertId };
}

/** By then a real server has done what it does. */
const SETTLE_MS = 5_000;

/** Runs histories on a real MariaDB that nobody else uses. */
export class RealServer {
  readonly #dataSource: string;
  readonly #watch: Connection;
  readonly #sessions: Connection[] = [];
  readonly #open = new Map<number, Promise<unknown>>();
  readonly #ended = new Map<number, unknown>();

  constructor(dataSource: string) {
    this.#dataSource = dataSource;
    this.#watch = connect(dataSource);
  }

  async furnish(): Promise<void> {
    for (const sql of SCHEMA) {
      await ask(this.#watch, `DROP TABLE IF EXISTS ${/`(\w+)`/.exec(sql)?.[1]}`, []);
      await ask(this.#watch, sql, []);
    }
  }

  /** Runs a step and waits for what is expected of it; tells what came instead where that does not come. */
  async play({ session, sql, parameters = [] }: Step, expected: After): Promise<After> {
    this.#send(session, sql, parameters);
    await this.#untilAsExpected(expected);
    const ended = Object.fromEntries(this.#ended);
    this.#ended.clear();
    return { step: expected.step, ended, waiting: [...this.#open.keys()].toSorted() };
  }

  /** Ends all sessions, whatever they wait for. */
  endSessions(): void {
    for (const connection of this.#sessions.splice(0)) connection.destroy();
    this.#open.clear();
  }

  close(): void {
    this.endSessions();
    this.#watch.destroy();
  }

  #send(session: number, sql: string, parameters: NonNullable<Step["parameters"]>): void {
    this.#sessions[session] ??= connect(this.#dataSource);
    const outcome = ask(this.#sessions[session], sql, parameters);
    this.#open.set(session, outcome);
    void outcome.then((value) => {
      if (this.#open.get(session) !== outcome) return;
      this.#open.delete(session);
      this.#ended.set(session, value);
    });
  }

  /** The server says how many sessions wait for a row, and at once; its tables of locks are of a while ago. */
  async #untilAsExpected({ ended, waiting }: After): Promise<void> {
    for (const until = Date.now() + SETTLE_MS; Date.now() < until; ) {
      const rows = await ask(this.#watch, "SHOW GLOBAL STATUS LIKE 'Innodb_row_lock_current_waits'", []);
      const waits = Number(/"Value":"(\d+)"/.exec(JSON.stringify(rows))?.[1]);
      const isEnded = Object.keys(ended).every((session) => this.#ended.has(Number(session)));
      if (isEnded && waits === waiting.length && this.#open.size === waiting.length) return;
    }
  }
}

function connect(dataSource: string): Connection {
  const source = parseDataSource(dataSource);
  if (source.dialect === "sqlite") throw new Error("a real MariaDB is asked for");
  const { address, user, password, database } = source;
  const connection = createConnection({
    ...address,
    user,
    password,
    database,
    dateStrings: true,
    flags: ["FOUND_ROWS"],
    supportBigNumbers: true,
    timezone: "Z",
  });
  connection.on("error", () => {});
  return connection;
}

function ask(
  connection: Connection,
  sql: string,
  values: readonly (string | number | null)[],
): Promise<unknown> {
  return new Promise((resolve) => {
    connection.query({ sql, values: [...values] }, (error, reply) => resolve(outcomeOf(error, reply)));
  });
}

/** Runs the same history on both and tells what each of them did, step by step. */
export async function playOnBoth(
  steps: readonly Step[],
  real: RealServer,
): Promise<{ readonly simulated: readonly After[]; readonly real: readonly After[] }> {
  const server = new SimulatedServer();
  await real.furnish();
  const simulated = steps.map((step) => server.play(step));
  const seen: After[] = [];
  for (const [index, step] of steps.entries()) {
    const expected = simulated[index];
    if (expected !== undefined) seen.push(await real.play(step, expected));
  }
  real.endSessions();
  return { simulated, real: seen };
}
