import { pause } from "@mall/kit/async";
import type { Call, IdempotencyKey } from "@mall/kit/call";
import { AppError, type Code } from "@mall/kit/errors";
import {
  createRowSweeper,
  type Database,
  DuplicateKeyError,
  type RowTransaction,
  type Transaction,
} from "@mall/kit/store";
import { idempotencyInFlight, idempotencyKeyReused, idempotencyKeyUnused } from "./errors.ts";
import {
  createIdempotencyModel,
  type IdempotencyRow,
  KEY_STATE,
  type NewIdempotencyRow,
} from "./idempotency-model.ts";
import { requestHash } from "./request-hash.ts";
import { type Answer, replayAnswer, storeAnswer } from "./stored-answer.ts";

/** How long an answer can be had again, at least; Stripe's keys last 24 h. */
const KEPT_MS = 48 * 60 * 60 * 1000;

/** A twin asks so often whether the first request has its answer, milliseconds. */
const ASK_MS_FIRST = 20;
const ASK_MS_MAX = 250;
/** What is left of a twin's time when it stops waiting: its own refusal must still arrive. */
const REFUSAL_MS = 200;
/** The longest a twin waits, whatever its deadline. */
const WAIT_MS_MAX = 10_000;

const OUTAGE: ReadonlySet<Code> = new Set(["UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED"]);

/** What a key stands for. */
export interface Operation {
  /** Full name of the rpc method, e.g. `/pay.Pay/Create`. */
  readonly method: string;
  /**
   * What the client asked for, as plain data without secrets: only a hash of it is kept, but a fast one. A field
   * that a later version adds must be undefined where the client does not set it.
   */
  readonly request: object;
}

/** Saves the answer of a request in the transaction of its effect; nothing where the call has no key. */
export type SaveAnswer<Res> = (tx: RowTransaction, answer: Res) => Promise<void>;

/**
 * Runs an effect that gives the answer: with a key in one transaction that saves the answer too, without one as it
 * is, without a transaction.
 */
export type CommitEffect<Res> = (effect: (tx: Transaction | undefined) => Promise<Res>) => Promise<Res>;

/** The keys of one database. */
export interface Idempotency {
  /**
   * Does `work` once for all calls with the same key and request, in whatever process, and gives all of them the
   * answer of that once. `work` must save its answer in the transaction of its effect, by `save` or `commit`, or
   * begin it (see `begin`). Work that fails is not remembered. Without a key it is just done.
   *
   * @throws AppError IDEMPOTENCY_KEY_REUSED where the key was used for another operation or request;
   * IDEMPOTENCY_IN_FLIGHT where the first request has no answer in the time of this call; IDEMPOTENCY_KEY_UNUSED
   * where the call asks for an answer only and there is none; whatever `work` throws, if the database can say that it is no trace of a twin.
   */
  once<Res>(
    call: Call,
    operation: Operation,
    work: (save: SaveAnswer<Res>, commit: CommitEffect<Res>) => Promise<Res>,
  ): Promise<Res>;
  /**
   * For work that outlives its transaction: takes the key in the transaction that starts the work, which
   * `reference` (at most 128 characters) names. `call` is the one given to `once`. Nothing without a key.
   *
   * @throws DuplicateKeyError where a twin was quicker; to be passed on to `once`.
   */
  begin(tx: RowTransaction, call: Call, operation: Operation, reference: string): Promise<void>;
  /**
   * Records how the work ended, in the transaction that ends it. An error that says when to try again is no end: its
   * key is free again. Nothing where the work was begun without a key.
   */
  settle(tx: RowTransaction, reference: string, answer: Answer<unknown>): Promise<void>;
}

/** The keys of a database, which has the tables of `idempotencyMigrations`. */
export function createIdempotency(database: Database): Idempotency {
  const keys = new StoredKeys(database);
  return {
    once: (call, operation, work) => keys.once(call, operation, work),
    begin: (tx, call, operation, reference) => keys.begin(tx, call, operation, reference),
    settle: (tx, reference, answer) => keys.settle(tx, reference, answer),
  };
}

const saveNothing = async (): Promise<void> => {};

class StoredKeys implements Idempotency {
  readonly #database: Database;
  readonly #model: ReturnType<typeof createIdempotencyModel>;
  /** What each call has begun: its own work is no twin to wait for. */
  readonly #begun = new WeakMap<Call, string>();
  readonly #answered: () => Promise<void>;

  constructor(database: Database) {
    const model = createIdempotencyModel(database);
    this.#database = database;
    this.#model = model;
    this.#answered = createRowSweeper({
      runtime: database.runtime,
      keptMs: KEPT_MS,
      remove: model.deleteOld,
    });
  }

  async once<Res>(
    call: Call,
    operation: Operation,
    work: (save: SaveAnswer<Res>, commit: CommitEffect<Res>) => Promise<Res>,
  ): Promise<Res> {
    if (call.idempotency === undefined) return work(saveNothing, (effect) => effect(undefined));
    const use = newKey(call.idempotency, operation);
    for (;;) {
      const earlier = await this.#settled(call, use);
      if (earlier !== undefined) return replayAnswer(earlier);
      if (call.idempotency.replayOnly) throw idempotencyKeyUnused();
      try {
        return await this.#run(use, work);
      } catch (error) {
        if (!isTwin(error) && !(await this.#isDecided(call, use, error))) throw error;
        call.throwIfDone();
      }
    }
  }

  async begin(tx: RowTransaction, call: Call, operation: Operation, reference: string): Promise<void> {
    if (call.idempotency === undefined) return;
    this.#begun.set(call, reference);
    await this.#insert(tx, { ...newKey(call.idempotency, operation), reference });
  }

  settle(tx: RowTransaction, reference: string, answer: Answer<unknown>): Promise<void> {
    const mayTryAgain = "error" in answer && answer.error.retryAfterSeconds !== undefined;
    return mayTryAgain
      ? this.#model.release(tx, reference)
      : this.#model.settle(tx, reference, storeAnswer(answer));
  }

  async #run<Res>(
    use: KeyUse,
    work: (save: SaveAnswer<Res>, commit: CommitEffect<Res>) => Promise<Res>,
  ): Promise<Res> {
    const save: SaveAnswer<Res> = (tx, answer) =>
      this.#insert(tx, { ...use, state: KEY_STATE.answered, answer: storeAnswer({ ok: answer }) });
    const answer = await work(save, (effect) =>
      this.#database.transaction(async (tx) => {
        const committed = await effect(tx);
        await save(tx, committed);
        return committed;
      }),
    );
    await this.#answered();
    return answer;
  }

  async #insert(tx: RowTransaction, row: Omit<NewIdempotencyRow, "createdAt">): Promise<void> {
    await this.#model.insert({ ...row, createdAt: this.#database.runtime.now() }, tx);
  }

  /** The stored answer of a key, waiting for work that has begun; undefined where nobody has used the key. */
  async #settled(call: Call, use: KeyUse): Promise<string | undefined> {
    const { runtime } = this.#database;
    const giveUpAt = Math.min(call.deadline - REFUSAL_MS, runtime.now() + WAIT_MS_MAX);
    for (let delayMs = ASK_MS_FIRST; ; delayMs = Math.min(delayMs * 2, ASK_MS_MAX)) {
      const row = await this.#model.findByKey(use.owner, use.idempotencyKey);
      if (row === undefined) return undefined;
      refuseOtherUse(row, use);
      if (row.answer !== null) return row.answer;
      if (runtime.now() + delayMs > giveUpAt) throw idempotencyInFlight();
      await pause(runtime, delayMs, call.signal);
      call.throwIfDone();
    }
  }

  /**
   * Whether a failed attempt is decided by its key: a twin was quicker, and the failure is only its trace. What
   * this call has begun itself and is not settled yet is for the failure to tell.
   *
   * @throws AppError an outage, where the database does not say or there is no time to ask it: then nobody knows, and
   * a refusal must not claim to.
   */
  async #isDecided(call: Call, use: KeyUse, failure: unknown): Promise<boolean> {
    if (call.error !== undefined) throw isOutage(failure) ? failure : call.error;
    const row = await this.#model.findByKey(use.owner, use.idempotencyKey).catch((error: unknown) => {
      throw isOutage(failure) ? failure : error;
    });
    return row !== undefined && (row.answer !== null || row.reference !== this.#begun.get(call));
  }
}

/** A twin took the key first; what became of it since, its row tells. */
function isTwin(error: unknown): boolean {
  return error instanceof DuplicateKeyError && error.key === "idx_owner_key";
}

/** Whether a failure says that nobody knows what became of the work. */
function isOutage(failure: unknown): boolean {
  return failure instanceof AppError && OUTAGE.has(failure.code);
}

/** The columns that say what a key is used for. */
type KeyUse = Pick<NewIdempotencyRow, "owner" | "idempotencyKey" | "method" | "requestHash">;

/** @throws AppError IDEMPOTENCY_KEY_REUSED */
function refuseOtherUse(row: IdempotencyRow, use: KeyUse): void {
  if (row.method !== use.method || row.requestHash !== use.requestHash) throw idempotencyKeyReused();
}

function newKey({ owner, key }: IdempotencyKey, { method, request }: Operation): KeyUse {
  return { owner, idempotencyKey: key, method, requestHash: requestHash(request) };
}
