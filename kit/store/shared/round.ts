import type { Runtime } from "@mall/kit/runtime";
import type { MysqlConnection } from "../mysql/connection.ts";
import type { RowStatements } from "../row-statements.ts";
import { GroupTrouble, SeatEvicted } from "./group-trouble.ts";
import { type RowCall, shapeOf } from "./row-call.ts";
import { RowOwners } from "./row-owners.ts";
import { runCalls } from "./run-calls.ts";
import type { Seat } from "./seat.ts";

/**
 * The statements of those who share a transaction: what they ask for in one turn of the event loop is sent together,
 * and while that is under way the next collects.
 */
export class Round {
  readonly #runtime: Runtime;
  readonly #connection: MysqlConnection;
  readonly #owners = new RowOwners();
  #waiting: RowCall[] = [];
  #isScheduled = false;
  #sending: Promise<void> | undefined;
  #trouble: GroupTrouble | undefined;
  #isOver = false;

  constructor(runtime: Runtime, connection: MysqlConnection) {
    this.#runtime = runtime;
    this.#connection = connection;
  }

  /** Why the transaction cannot be committed, if so. */
  get trouble(): GroupTrouble | undefined {
    return this.#trouble;
  }

  statementsOf(seat: Seat): RowStatements {
    return {
      insert: (table, values) =>
        this.#ask<number>((asked) => ({ kind: "insert", seat, table, values, ...asked })),
      insertAll: (table, rows) =>
        this.#ask<void>((asked) => ({ kind: "insertAll", seat, table, rows, ...asked })),
      find: (table, key) => this.#ask((asked) => ({ kind: "find", seat, table, key, ...asked })),
      update: (table, change) =>
        this.#ask<boolean>((asked) => ({ kind: "update", seat, table, change, ...asked })),
      decrease: (table, decrease) =>
        this.#ask<boolean>((asked) => ({ kind: "decrease", seat, table, decrease, ...asked })),
      delete: (table, where) =>
        this.#ask<boolean>((asked) => ({ kind: "delete", seat, table, where, ...asked })),
    };
  }

  /** The transaction is rolled back: pending and later statements fail with the reason. */
  break(cause: unknown): void {
    this.#trouble ??= new GroupTrouble(cause);
    const { trouble } = this;
    for (const call of this.#waiting.splice(0)) if (trouble !== undefined) call.reject(trouble);
  }

  /** Takes no more statements; resolves once none is under way. */
  async end(): Promise<void> {
    this.#isOver = true;
    this.#waiting = [];
    await this.#sending;
  }

  #ask<Answer>(
    callOf: (asked: { resolve: (answer: Answer) => void; reject: (error: Error) => void }) => RowCall,
  ): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const call = callOf({ resolve, reject });
    if (this.#isOver || call.seat.worked !== undefined) reject(new Error("this transaction has ended"));
    else if (this.#trouble !== undefined) reject(this.#trouble);
    else if (call.seat.isEvicted) reject(new SeatEvicted());
    else this.#waiting.push(call);
    this.#schedule();
    return promise;
  }

  #schedule(): void {
    if (this.#isScheduled || this.#sending !== undefined || this.#waiting.length === 0) return;
    this.#isScheduled = true;
    this.#runtime.setImmediate(() => {
      this.#isScheduled = false;
      if (this.#isOver || this.#sending !== undefined) return;
      this.#sending = this.#send().finally(() => {
        this.#sending = undefined;
        this.#schedule();
      });
    });
  }

  /** Never rejects. */
  async #send(): Promise<void> {
    // What a member still waits for that has failed meanwhile is nothing any more.
    const calls = this.#waiting.splice(0).filter(({ seat }) => seat.worked === undefined);
    for (const group of Map.groupBy(calls, shapeOf).values()) {
      if (this.#trouble !== undefined) {
        for (const call of group) call.reject(this.#trouble);
        continue;
      }
      try {
        await runCalls(this.#connection, this.#owners, group);
      } catch (error) {
        this.break(error);
        for (const call of group) call.reject(this.#trouble ?? new GroupTrouble(error));
      }
    }
  }
}
