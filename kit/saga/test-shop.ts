import type { BranchInfo, Call } from "@mall/kit/call";
import { sagaConfig } from "@mall/kit/config";
import { createJobWorkers, type JobQueue, jobsMigrations } from "@mall/kit/jobs";
import { silentLogger } from "@mall/kit/log";
import { noopObserver } from "@mall/kit/observe";
import { defineMessage, type ServiceDefinition } from "@mall/kit/rpc";
import { systemRuntime } from "@mall/kit/runtime";
import { type Database, migrateToLatest } from "@mall/kit/store";
import { type Barrier, createBarrier } from "./barrier.ts";
import type { Branch } from "./branch.ts";
import { sagaMigrations } from "./model/gen/migrations.ts";

/** What a branch is asked in these tests. */
export interface Take {
  readonly shelf: string;
  readonly num: number;
}

export const Take = defineMessage<Take>("Take", [
  { number: 1, property: "shelf", type: "string" },
  { number: 2, property: "num", type: "int64" },
]);

const Taken = defineMessage<Record<string, never>>("Taken", []);

/** Shelves as a service. */
export interface ShelfClient {
  take(call: Call, request: Take): Promise<Record<string, never>>;
  putBack(call: Call, request: Take): Promise<Record<string, never>>;
}

export const ShelfService: ServiceDefinition<ShelfClient> = {
  names: ["shop.Shelf"],
  methods: {
    take: { name: "Take", request: Take, response: Taken },
    putBack: { name: "PutBack", request: Take, response: Taken },
  },
};

/** Serves shelves to whoever says which branch its call is. */
export function serveShelves(shelves: ReadonlyMap<string, Shelf>): ShelfClient {
  const serve = async (call: Call, { shelf, num }: Take, sign: number): Promise<Record<string, never>> => {
    if (call.branch === undefined) throw new Error("this call is no branch");
    await shelves.get(shelf)?.serve(call.branch, sign * num);
    return {};
  };
  return {
    take: (call, request) => serve(call, request, -1),
    putBack: (call, request) => serve(call, request, 1),
  };
}

/** A shelf of pieces behind a barrier, and what its branches are told to do beyond their work. */
export class Shelf {
  readonly name: string;
  pieces: number;
  readonly #database: Database;
  readonly #barrier: Barrier;
  /** What came, in order: `01 action`. */
  readonly asked: string[] = [];
  /** Runs before an operation, by its name; what it rejects with is what the caller sees. */
  readonly before = new Map<string, (attempt: number) => Promise<void>>();
  /** The same once the operation was done. */
  readonly after = new Map<string, (attempt: number) => Promise<void>>();

  constructor(database: Database, name: string, pieces: number) {
    this.#database = database;
    this.#barrier = createBarrier(database, sagaConfig.parse({}));
    this.name = name;
    this.pieces = pieces;
  }

  /** The branch without a network in between. */
  get take(): Branch<Take> {
    return { call: (_call, info, { num }) => this.serve(info, -num) };
  }

  get putBack(): Branch<Take> {
    return { call: (_call, info, { num }) => this.serve(info, num) };
  }

  async serve(info: BranchInfo, change: number): Promise<void> {
    this.asked.push(`${info.branchId} ${info.op}`);
    const attempt = this.asked.filter((one) => one.endsWith(info.op)).length;
    await this.before.get(info.op)?.(attempt);
    await this.#database.transaction(async (tx) => {
      await this.#barrier.run(tx, info, async () => {
        tx.afterEnd(async (end) => {
          if (end === "committed") this.pieces += change;
        });
      });
    });
    await this.after.get(info.op)?.(attempt);
  }
}

/** A process with its own workers on a database that others may share. */
export interface TestProcess {
  readonly jobs: JobQueue;
  start(): void;
  stop(): Promise<void>;
}

/** A process whose jobs are another's soon after it has died. */
export async function startProcess(database: Database): Promise<TestProcess> {
  await migrateToLatest(database, sagaMigrations);
  await migrateToLatest(database, jobsMigrations);
  const config = { Concurrency: 4, Horizon: 60_000, Lease: 1_000, Interval: 20, Retention: 60_000 };
  const workers = createJobWorkers({
    runtime: systemRuntime,
    log: silentLogger,
    observer: noopObserver,
    config,
  });
  return {
    jobs: workers.open(database, "test"),
    start: () => workers.start(),
    stop: () => workers.drain(0),
  };
}
