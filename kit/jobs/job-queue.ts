import type { Call } from "@mall/kit/call";
import type { RowTransaction } from "@mall/kit/store";

/** What JSON can say. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A JSON object. A type alias is one where all its properties are; an interface never is. */
export type JsonObject = { readonly [name: string]: JsonValue };

/** Work that must follow a state change, come what may. */
export interface NewJob {
  /** Which handler runs it; up to 64 characters. */
  readonly kind: string;
  /** What the handler is given; up to 16,383 characters as JSON, and no secrets: operators see it. */
  readonly payload: JsonObject;
  /**
   * Makes the job the only one of its queue with this key (up to 128 characters without spaces, compared exactly): another
   * enqueue with it does nothing, for as long as the row is kept, which is the retention beyond its end.
   */
  readonly key?: string;
  /**
   * Whether it is to be there for ever: one with this key that was given up or cancelled, and whose row is still kept,
   * begins anew.
   */
  readonly isStanding?: true;
  /** Milliseconds until it is due; 0, which is the default, for at once. */
  readonly delayMs?: number;
}

/** A job that was enqueued. */
export interface JobTicket {
  /**
   * Resolves when the attempt right after the commit has ended, well or not; at once where there is none: the
   * job is for later, was enqueued before, or its workers have no room. Wait for it after the transaction, and
   * never within a handler, whose place that attempt may need.
   */
  settled(): Promise<void>;
}

/** The attempt that a handler is called for. */
export interface JobInfo {
  readonly id: number;
  /** Attempts that were begun, this one included: of 1 nobody can have done any of the work before. */
  readonly attempts: number;
  /** When it was enqueued, milliseconds since the epoch. */
  readonly createdAt: number;
  /**
   * Ends the job in a transaction of its own database that is the last of its work: both are committed, or neither,
   * and nothing is left to be written when the handler resolves. Where this attempt has outlived its lease the job
   * stays with whoever has it by now: that the work is done is for the work's own rows to tell.
   */
  finish(tx: RowTransaction): Promise<void>;
}

/** It is not over, and that is no failure: ask again in so many milliseconds. */
export interface JobOutcome {
  readonly again: number;
}

/**
 * Does the work of a job. It may be called more than once, also twice at a time where an attempt outlived its
 * lease, so its effects are such that doing them again changes nothing. The call ends before the lease does, or where it
 * cannot be renewed.
 * Resolving ends the job, or says when to ask again; rejecting has it tried again, later and later, until the
 * horizon.
 */
export type JobHandler<P extends JsonObject> = (
  call: Call,
  payload: P,
  job: JobInfo,
) => Promise<JobOutcome | undefined> | Promise<void>;

/** How the jobs of a kind differ from others. */
export interface KindOptions {
  /**
   * Whether they ask nobody outside of the mall. Then more of them go on at once: what their transactions share gets
   * cheaper the more they are, and no bank is asked too often.
   */
  readonly isInternal?: boolean;
  /** Whether an attempt may take longer than a lease, which is then renewed for as long as the attempt goes on. */
  readonly isLong?: boolean;
}

/** The jobs of one service in one database. */
export interface JobQueue {
  /**
   * Adds a job in the caller's transaction: it exists if and only if that commits. One that is due at once is
   * tried right after the commit.
   *
   * @throws AppError INVALID_ARGUMENT for a kind, key or payload that is too long.
   */
  enqueue(tx: RowTransaction, job: NewJob): Promise<JobTicket>;
  /** Says how jobs of a kind are done; all before the process serves. The payload is what was enqueued. */
  handle<P extends JsonObject>(kind: string, handler: JobHandler<P>, options?: KindOptions): void;
}
