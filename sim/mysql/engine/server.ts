import type { Catalog, Table } from "../catalog/table.ts";
import { findCycle, weightOf } from "./deadlocks.ts";
import type { LockOwner, LockWait } from "./lock.ts";
import type { Row } from "./row.ts";
import { deadlock, lockWaitTimeout } from "./server-error.ts";
import { planStatement, type StatementPlan } from "./statement-plan.ts";
import { TableData } from "./table-data.ts";
import { type Trx, View } from "./trx.ts";

/** The time of a server. */
export interface ServerClock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Does something after so many milliseconds. */
  later(delayMs: number, run: () => void): { cancel(): void };
}

/** What a server is like. */
export interface ServerTraits {
  /** As `VERSION()` answers. */
  readonly version: string;
  /** The distance of the ids that it gives out, and the first of them: of a cluster, each node has its own. */
  readonly autoIncrement: { readonly increment: number; readonly offset: number };
}

/** Hears of what is committed. */
export type CommitListener = (trx: Trx) => void;

/** The statements that a catalog's databases have been sent, each made ready once. */
export class Plans {
  readonly catalog: Catalog;
  readonly #plans = new Map<string, StatementPlan>();
  readonly #ansiPlans = new Map<string, StatementPlan>();

  constructor(catalog: Catalog) {
    this.catalog = catalog;
  }

  get(sql: string, ansi: boolean): StatementPlan {
    const plans = ansi ? this.#ansiPlans : this.#plans;
    let plan = plans.get(sql);
    if (plan === undefined) {
      plan = planStatement(sql, this.catalog, ansi);
      plans.set(sql, plan);
    }
    return plan;
  }
}

/** A database server with what it keeps in memory. */
export class Server {
  readonly plans: Plans;
  readonly clock: ServerClock;
  /** May change while sessions are open. */
  traits: ServerTraits;
  /** Commits that changed something. */
  commits = 0;
  readonly #tables = new Map<Table, TableData>();
  readonly #views = new Set<View>();
  /** Rows of which versions are kept that only an open view sees. */
  readonly #unpurged = new Map<Row, TableData>();
  readonly #listeners: CommitListener[] = [];
  #commitNumber = 0;

  constructor(plans: Plans, clock: ServerClock, traits: ServerTraits) {
    this.plans = plans;
    this.clock = clock;
    this.traits = traits;
  }

  onCommit(listener: CommitListener): void {
    this.#listeners.push(listener);
  }

  dataOf(table: Table): TableData {
    let data = this.#tables.get(table);
    if (data === undefined) {
      data = new TableData(table);
      this.#tables.set(table, data);
    }
    return data;
  }

  /** What is committed now. */
  look(trx: Trx): View {
    return new View(trx, this.#commitNumber);
  }

  /** What is committed now, for as long as the transaction lasts. */
  keepLooking(trx: Trx): View {
    const view = this.look(trx);
    trx.view = view;
    this.#views.add(view);
    return view;
  }

  commit(trx: Trx): void {
    if (trx.changes.length > 0) {
      this.commits += 1;
      this.#commitNumber += 1;
      trx.commitNumber = this.#commitNumber;
      for (const listener of this.#listeners) listener(trx);
    }
    this.#closeView(trx);
    for (const { data, row } of trx.changes) {
      if (this.#views.size === 0) data.purge(row);
      else this.#unpurged.set(row, data);
    }
    trx.releaseLocks();
  }

  rollBack(trx: Trx): void {
    trx.rollBackTo(0);
    this.#closeView(trx);
    trx.releaseLocks();
  }

  /** Has a transaction wait; where that closes a circle, one of those in it is broken off. */
  wait(wait: LockWait, msMax: number): void {
    const { trx, lock } = wait;
    lock.waits.push(wait);
    trx.wait = wait;
    for (let circle = findCycle(trx); circle.length > 0 && trx.wait === wait; circle = findCycle(trx)) {
      const [victim = trx] = circle.toSorted((left, right) => weightOf(left) - weightOf(right));
      this.#breakOff(weightOf(victim) < weightOf(trx) ? victim : trx, deadlock());
    }
    if (trx.wait !== wait) return;
    wait.timer = this.clock.later(msMax, () => this.#breakOff(trx, lockWaitTimeout()));
  }

  #breakOff({ wait }: LockOwner, error: Error): void {
    if (wait === undefined) return;
    wait.lock.leave(wait);
    wait.end(error);
  }

  #closeView({ view }: Trx): void {
    if (view === undefined || !this.#views.delete(view) || this.#views.size > 0) return;
    for (const [row, data] of this.#unpurged) data.purge(row);
    this.#unpurged.clear();
  }
}
