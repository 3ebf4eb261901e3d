import type { Cell, Table } from "../catalog/table.ts";
import type { Control, Expression, Isolation } from "../sql/ast.ts";
import { UnsupportedSql } from "../unsupported-sql.ts";
import { type LockRequest, LockWait, type Steps } from "./lock.ts";
import { type Reply, rowsOf, writtenReply } from "./reply.ts";
import type { Scope, StatementHost } from "./scope.ts";
import type { Server } from "./server.ts";
import { ServerError } from "./server-error.ts";
import type { StatementPlan } from "./statement-plan.ts";
import type { TableData } from "./table-data.ts";
import { Trx, type View } from "./trx.ts";

/** innodb_lock_wait_timeout as the server ships it, seconds. */
const LOCK_WAIT_SECONDS = 50;

/** What a session may be set to; of sql_mode only ANSI changes anything here. */
const VARIABLES: ReadonlySet<string> = new Set([
  "sql_mode",
  "wsrep_sync_wait",
  "time_zone",
  "innodb_lock_wait_timeout",
  "autocommit",
]);

export type Done = (error: Error | null, result: Reply) => void;

interface SentStatement {
  readonly plan: StatementPlan;
  readonly sql: string;
  readonly parameters: readonly Cell[];
}

/** One connection, as the server sees it. Statements come one after the other. */
export class Session implements StatementHost {
  readonly #server: Server;
  readonly #variables = new Map<string, Cell>();
  #isolation: Isolation = "repeatable read";
  #nextIsolation: Isolation | undefined;
  #trx: Trx | undefined;
  #isClosed = false;
  #isBusy = false;

  constructor(server: Server) {
    this.#server = server;
  }

  get version(): string {
    return this.#server.traits.version;
  }

  /** Whether a transaction is open. */
  get isInTransaction(): boolean {
    return this.#trx !== undefined;
  }

  dataOf(table: Table): TableData {
    return this.#server.dataOf(table);
  }

  variable(name: string): Cell | undefined {
    const { increment, offset } = this.#server.traits.autoIncrement;
    if (name === "session.auto_increment_increment") return increment;
    if (name === "session.auto_increment_offset") return offset;
    return this.#variables.get(name.replace(/^session\./, ""));
  }

  nextId(data: TableData): number {
    const { increment, offset } = this.#server.traits.autoIncrement;
    const id = offset + Math.ceil(Math.max(0, data.nextId - offset) / increment) * increment;
    data.nextId = id + 1;
    return id;
  }

  #show(name: string): { Variable_name: string; Value: string }[] {
    const value = name === "version" ? this.version : this.variable(name);
    return value === undefined ? [] : [{ Variable_name: name, Value: String(value) }];
  }

  /** Runs a statement and tells what came of it, at once or once its locks are free. */
  query(sql: string, parameters: readonly Cell[], done: Done): void {
    if (this.#isBusy || this.#isClosed) throw new Error("a session is sent a statement that it cannot take");
    try {
      const isAnsi = String(this.#variables.get("sql_mode") ?? "").includes("ANSI");
      this.#run({ plan: this.#server.plans.get(sql, isAnsi), sql, parameters }, done);
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)), NOTHING);
    }
  }

  /**
   * The connection has ended. A statement that waits goes on all the same, as the server does not look whether
   * anybody still wants it; what is not committed then is rolled back.
   */
  close(): void {
    this.#isClosed = true;
    if (!this.#isBusy) this.rollBack();
  }

  /** Everything since the transaction began never was. */
  rollBack(): void {
    const trx = this.#trx;
    this.#trx = undefined;
    if (trx !== undefined) this.#server.rollBack(trx);
  }

  #run(sent: SentStatement, done: Done): void {
    const { plan, parameters } = sent;
    if (plan.kind === "show") {
      done(
        null,
        plan.names.flatMap((name) => this.#show(name)),
      );
      return;
    }
    if (plan.kind === "control") {
      this.#control(plan.control, parameters);
      done(null, NOTHING);
      return;
    }
    this.#beginUnlessAutocommit();
    if (plan.kind === "read") {
      const answer = plan.run(this.#scope(sent, this.#lookOf(this.#trx)));
      done(null, rowsOf(answer));
    } else if (plan.kind === "lock") {
      const scope = this.#scopeToWrite(sent);
      this.#drive(plan.run(scope), scope.view.trx, (error, answer) =>
        done(error, answer === undefined ? NOTHING : rowsOf(answer)),
      );
    } else {
      const scope = this.#scopeToWrite(sent);
      this.#drive(plan.run(scope), scope.view.trx, (error, written) =>
        done(error, written === undefined ? NOTHING : writtenReply(written)),
      );
    }
  }

  /** Without autocommit every statement is in a transaction. */
  #beginUnlessAutocommit(): void {
    if (Number(this.#variables.get("autocommit") ?? 1) === 0)
      this.#trx ??= new Trx(this.#takeIsolation(), false);
  }

  #lookOf(trx: Trx | undefined): View {
    if (trx === undefined) return this.#server.look(new Trx(this.#takeIsolation(), true));
    if (trx.isolation === "read committed") return this.#server.look(trx);
    return trx.view ?? this.#server.keepLooking(trx);
  }

  #scopeToWrite(sent: SentStatement): Scope {
    const trx = this.#trx ?? new Trx(this.#takeIsolation(), false);
    if (trx.readOnly)
      throw new ServerError("readOnly", "Cannot execute statement in a READ ONLY transaction");
    return this.#scope(sent, this.#server.look(trx));
  }

  #scope({ sql, parameters }: SentStatement, view: View): Scope {
    const { clock } = this.#server;
    return {
      host: this,
      sql,
      parameters,
      view,
      rows: [],
      aggregates: [],
      now: clock.now(),
    };
  }

  #takeIsolation(): Isolation {
    const isolation = this.#nextIsolation ?? this.#isolation;
    this.#nextIsolation = undefined;
    return isolation;
  }

  /** Takes the steps of a statement, and waits where they have to. */
  #drive<T>(steps: Steps<T>, trx: Trx, done: (error: Error | null, value: T | undefined) => void): void {
    const begun = trx.changes.length;
    this.#isBusy = true;
    const end = (error: Error | null, value: T | undefined): void => {
      this.#isBusy = false;
      if (error !== null) this.#takeBack(trx, begun, error);
      else if (trx !== this.#trx) this.#server.commit(trx);
      if (this.#isClosed) this.rollBack();
      done(error, value);
    };
    const step = (next: () => IteratorResult<LockRequest, T>): void => {
      let result: IteratorResult<LockRequest, T>;
      try {
        result = next();
      } catch (error) {
        end(error instanceof Error ? error : new Error(String(error)), undefined);
        return;
      }
      if (result.done === true) end(null, result.value);
      else {
        const resume = (error?: Error): void =>
          step(() => (error === undefined ? steps.next() : steps.throw(error)));
        const goOn = (error?: Error): void => void this.#server.clock.later(0, () => resume(error));
        const seconds = Number(this.#variables.get("innodb_lock_wait_timeout") ?? LOCK_WAIT_SECONDS);
        this.#server.wait(new LockWait(trx, result.value, goOn), seconds * 1000);
      }
    };
    step(() => steps.next());
  }

  /** A deadlock takes the whole transaction back, every other error its statement. */
  #takeBack(trx: Trx, begun: number, error: Error): void {
    const isDeadlock = error instanceof ServerError && error.refusal === "deadlock";
    if (isDeadlock || trx !== this.#trx) {
      if (trx === this.#trx) this.#trx = undefined;
      this.#server.rollBack(trx);
    } else trx.rollBackTo(begun);
  }

  #control(control: Control, parameters: readonly Cell[]): void {
    switch (control.kind) {
      case "begin":
        this.#commit();
        this.#trx = new Trx(this.#takeIsolation(), control.readOnly);
        if (control.snapshot && this.#trx.isolation === "repeatable read")
          this.#server.keepLooking(this.#trx);
        return;
      case "commit":
        this.#commit();
        return;
      case "rollback":
        this.rollBack();
        return;
      case "isolation":
        if (control.scope === "session") this.#isolation = control.level;
        else if (this.#trx === undefined) this.#nextIsolation = control.level;
        else
          throw new ServerError(
            "isolationInside",
            "Transaction characteristics can't be changed in a transaction",
          );
        return;
      case "set":
        for (const [name, value] of control.variables) this.#set(name, value, parameters);
    }
  }

  #set(name: string, value: Expression, parameters: readonly Cell[]): void {
    if (!VARIABLES.has(name)) throw new UnsupportedSql(`a variable ${name}`);
    if (value.kind === "text" || value.kind === "number") this.#variables.set(name, value.value);
    else if (value.kind === "parameter") this.#variables.set(name, parameters[value.index] ?? null);
    else throw new UnsupportedSql(`what ${name} is set to`);
    const zone = this.#variables.get("time_zone");
    if (zone !== undefined && zone !== "+00:00") throw new UnsupportedSql(`a time zone ${String(zone)}`);
  }

  #commit(): void {
    const trx = this.#trx;
    this.#trx = undefined;
    if (trx !== undefined) this.#server.commit(trx);
  }
}

const NOTHING: Reply = { affectedRows: 0, insertId: 0 };
