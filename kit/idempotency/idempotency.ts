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

/** What an effect came to. */
export interface Outcome<Res> {
  readonly answer: Res;
  /** What is done once it is committed, before the answer is given. */
  readonly after?: (() => Promise<void> | void) | undefined;
}

declare const committed: unique symbol;

/** An answer whose effect is committed, and with it the answer for the key, where there is one. */
export interface Committed<Res> {
  readonly answer: Res;
  /** Never there: only a Commit makes one. */
  readonly [committed]: never;
}

/** Takes a key in the transaction that starts work, which `reference` (at most 128 characters) names; see Commit.begun. */
export type BeginWork = (tx: RowTransaction, reference: string) => Promise<void>;

/** The ways in which a request has its effect; with a key, each keeps the answer in the effect's transaction. */
export interface Commit<Res> {
  /** In a transaction of its own. */
  transaction(effect: (tx: Transaction) => Promise<Outcome<Res>>): Promise<Committed<Res>>;
  /** The same for an effect that changes rows one by one: without a key it shares its transaction with others. */
  shared(effect: (tx: RowTransaction) => Promise<Outcome<Res>>): Promise<Committed<Res>>;
  /** An effect that is whole by itself, as one statement is: it needs no transaction where there is no key to keep. */
  statement(effect: (tx: Transaction | undefined) => Promise<Outcome<Res>>): Promise<Committed<Res>>;
  /**
   * Work that outlives its transaction: it takes the key by `begin` in the transaction that starts it, and whoever
   * ends it records how by `Idempotency.settle`. `begin` throws DuplicateKeyError where a twin was quicker, which is to
   * be passed on.
   */
  begun(work: (begin: BeginWork) => Promise<Res>): Promise<Committed<Res>>;
}

/** The keys of one database. */
export interface Idempotency {
  /**
   * Does `work` once for all calls with the same key, method and request, in whatever process, and gives all of them
   * the answer of that once. `work` may look around, and has its effect by `commit`. Work that fails is not remembered.
   * Without a key it is just done.
   *
   * @param replayed What an answer of an earlier time must pass before it is given again.
   * @param request What the client asked for, as plain data without secrets: only a hash of it is kept, but a fast one. A
   * field that a later version adds must be undefined where the client does not set it.
   * @throws AppError IDEMPOTENCY_KEY_REUSED where the key was used for another method or request; IDEMPOTENCY_IN_FLIGHT
   * where the first request has no answer in the time of this call; IDEMPOTENCY_KEY_UNUSED where the call asks for an
   * answer only and there is none; whatever `work` throws, if the database can say that it is no trace of a twin.
   */
  once<Res>(
    call: Call,
    request: object,
    work: (commit: Commit<Res>) => Promise<Committed<Res>>,
    replayed?: (answer: Res) => Promise<void>,
  ): Promise<Res>;
  /**
   * Records how work ended, in the transaction that ends it. An error that says when to try again is no end: its key is
   * free again. Nothing where the work was begun without a key.
   */
  settle(tx: RowTransaction, reference: string, answer: Answer<unknown>): Promise<void>;
}

/** The keys of a database, which has the tables of `idempotencyMigrations`. */
export function createIdempotency(database: Database): Idempotency {
  const keys = new StoredKeys(database);
  return {
    once: (call, request, work, replayed) => keys.once(call, request, work, replayed),
    settle: (tx, reference, answer) => keys.settle(tx, reference, answer),
  };
}

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
    request: object,
    work: (commit: Commit<Res>) => Promise<Committed<Res>>,
    replayed?: (answer: Res) => Promise<void>,
  ): Promise<Res> {
    if (call.idempotency === undefined) return (await work(commitWithoutKey(this.#database))).answer;
    const use = newKey(call, call.idempotency, request);
    for (;;) {
      const earlier = await this.#settled(call, use);
      if (earlier !== undefined) {
        const answer = replayAnswer<Res>(earlier);
        await replayed?.(answer);
        return answer;
      }
      if (call.idempotency.replayOnly) throw idempotencyKeyUnused();
      try {
        const { answer } = await work(this.#commitWith(call, use));
        await this.#answered();
        return answer;
      } catch (error) {
        if (!isTwin(error) && !(await this.#isDecided(call, use, error))) throw error;
        call.throwIfDone();
      }
    }
  }

  settle(tx: RowTransaction, reference: string, answer: Answer<unknown>): Promise<void> {
    const mayTryAgain = "error" in answer && answer.error.retryAfterSeconds !== undefined;
    return mayTryAgain
      ? this.#model.release(tx, reference)
      : this.#model.settle(tx, reference, storeAnswer(answer));
  }

  #commitWith<Res>(call: Call, use: KeyUse): Commit<Res> {
    const keep = (effect: (tx: Transaction) => Promise<Outcome<Res>>): Promise<Committed<Res>> =>
      finish(
        this.#database.transaction(async (tx) => {
          const outcome = await effect(tx);
          const answer = storeAnswer({ ok: outcome.answer });
          await this.#insert(tx, { ...use, state: KEY_STATE.answered, answer });
          return outcome;
        }),
      );
    const begin: BeginWork = async (tx, reference) => {
      this.#begun.set(call, reference);
      await this.#insert(tx, { ...use, reference });
    };
    return {
      transaction: keep,
      shared: keep,
      statement: keep,
      begun: async (work) => commitOf(await work(begin)),
    };
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

/** Without a key nothing is kept of an answer. */
function commitWithoutKey<Res>(database: Database): Commit<Res> {
  return {
    transaction: (effect) => finish(database.transaction(effect)),
    shared: (effect) => finish(database.share(effect)),
    statement: (effect) => finish(effect(undefined)),
    begun: async (work) => commitOf(await work(async () => {})),
  };
}

async function finish<Res>(effect: Promise<Outcome<Res>>): Promise<Committed<Res>> {
  const { answer, after } = await effect;
  await after?.();
  return commitOf(answer);
}

function commitOf<Res>(answer: Res): Committed<Res> {
  return { answer } as Committed<Res>;
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

function newKey({ method }: Call, { owner, key }: IdempotencyKey, request: object): KeyUse {
  if (method === undefined) throw new TypeError("a key stands for a request to an rpc method");
  return { owner, idempotencyKey: key, method, requestHash: requestHash(request) };
}
