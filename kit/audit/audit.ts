import type { Call } from "@mall/kit/call";
import type { Database, RowTransaction } from "@mall/kit/store";
import { createAuditModel } from "./audit-model.ts";
import { changedFacts, type Facts } from "./changed-facts.ts";

/** Something that people do for the mall, which gives a T. */
export interface Act<T> {
  /** The command, e.g. `mall jobs retry`; of a call, the rpc method that it is for, e.g. `/pay.Pay/Resolve`. */
  readonly operation?: string | undefined;
  /** What it is about, e.g. `pay/17`; a function where the act gives it its number. */
  readonly subject: string | ((result: T) => string);
  /**
   * How the subject stands, asked before and after the act, both in its transaction. It should lock what the act locks
   * first, so that nobody else's change is attributed to the act. Undefined where there is no subject. `result` is what
   * the act gave, and undefined before it.
   */
  readonly look: (result: T | undefined) => Promise<Facts | undefined>;
  /**
   * For what only people who work for the mall may do: written down also where the call names nobody, as those of a Go
   * api do, or of whoever reaches the rpc's port.
   */
  readonly alsoUnnamed?: true;
}

/** Somebody who does something by a command, on the database and past all apis; or by an operation. */
export interface Operator {
  /** Names its actor. */
  readonly call: Call;
  /** The command, e.g. `mall jobs retry`, which is the operation; undefined where the call is for one. */
  readonly command?: string | undefined;
}

/** Writes down who does what to the rows of a service. */
export interface Audit {
  /**
   * Does `work`, and writes down in its transaction what it changed: an entry is there exactly if the act is. Nothing is
   * written, nor looked at, for callers who do not act for the mall; nor where nothing has changed, as when the act is
   * asked for again.
   */
  record<T>(tx: RowTransaction, call: Call, act: Act<T>, work: () => Promise<T>): Promise<T>;
}

/** The audit of a service, in its database, which has the table of `auditMigrations`. */
export function createAudit(database: Database, service: string): Audit {
  const model = createAuditModel(database);
  return {
    record: async (tx, call, act, work) => {
      const { actor, trace } = call;
      if (actor === undefined && act.alsoUnnamed !== true) return work();
      const before = await act.look(undefined);
      const result = await work();
      const changed = changedFacts(before, await act.look(result));
      if (changed === undefined) return result;
      const { operation = call.method, subject } = act;
      if (operation === undefined)
        throw new TypeError("an act is a command's, or of a call for an rpc method");
      const entry = {
        service,
        operation,
        who: actor?.who ?? "",
        role: actor?.role ?? null,
        address: actor?.address ?? "",
        traceId: trace?.traceId ?? "",
        subject: typeof subject === "string" ? subject : subject(result),
        ...changed,
        createdAt: database.runtime.now(),
      };
      await model.insertAll([entry], tx);
      return result;
    },
  };
}
