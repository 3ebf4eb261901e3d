import type { BranchInfo, Call } from "@mall/kit/context";
import { AppError } from "@mall/kit/errors";
import type { JobQueue, JobTicket, JsonObject } from "@mall/kit/jobs";
import type { Logger } from "@mall/kit/log";
import type { Database, Transaction } from "@mall/kit/store";
import { type Barrier, MESSAGE_BRANCH } from "./barrier.ts";
import type { BranchTarget } from "./branch.ts";
import type { Dtm, DtmMessage } from "./dtm/dtm.ts";

/** What must follow a change of state: a job of this service, or the call of a method that does the same. */
export interface MessageDefinition<Payload extends JsonObject> {
  /** Of the job that delivers it; the service says how such jobs are done. */
  readonly kind: string;
  /** Where a DTM server is to deliver it. */
  readonly dtm?: MessageDtm<Payload> | undefined;
}

/** How DTM delivers a message. */
export interface MessageDtm<Payload> {
  readonly dtm: Dtm;
  /** Does what the job does, and answers when it is done. */
  readonly method: BranchTarget<Payload>;
  /** Answers by Barrier.queryPrepared. */
  readonly queryPrepared: BranchTarget<Record<string, never>>;
}

/** Messages of one kind. */
export interface Message<Payload extends JsonObject> {
  /**
   * Runs `effect` in a transaction; if it calls `announce`, the message is delivered if and only if that commits.
   * Waits for the first attempt at it, but says nothing of how that went.
   *
   * @throws whatever `effect` throws.
   */
  send<T>(
    call: Call,
    message: { readonly gid: string; readonly payload: Payload },
    effect: (tx: Transaction, announce: () => Promise<void>) => Promise<T>,
  ): Promise<T>;
}

export interface MessageOptions {
  readonly database: Database;
  /** Of the same database. */
  readonly jobs: JobQueue;
  readonly barrier: Barrier;
  readonly log: Logger;
}

/**
 * Messages that a job delivers, or DTM where the definition names it, as a two-phase message: announced before the
 * local part, handed over after it, and asked about if that does not come. A DTM that cannot be told leaves it to
 * the job: what is paid must not wait for it.
 */
export function createMessage<Payload extends JsonObject>(
  options: MessageOptions,
  { kind, dtm }: MessageDefinition<Payload>,
): Message<Payload> {
  const byJob = jobMessage<Payload>(options, kind);
  return dtm === undefined ? byJob : new DtmDelivery(options, dtm, byJob);
}

function jobMessage<Payload extends JsonObject>(
  { database, jobs }: MessageOptions,
  kind: string,
): Message<Payload> {
  return {
    send: async (_call, { payload }, effect) => {
      let ticket: JobTicket | undefined;
      const value = await database.transaction((tx) => {
        ticket = undefined;
        return effect(tx, async () => {
          ticket = await jobs.enqueue(tx, { kind, payload });
        });
      });
      await ticket?.settled();
      return value;
    },
  };
}

class DtmDelivery<Payload extends JsonObject> implements Message<Payload> {
  readonly #options: MessageOptions;
  readonly #how: MessageDtm<Payload>;
  readonly #byJob: Message<Payload>;

  constructor(options: MessageOptions, how: MessageDtm<Payload>, byJob: Message<Payload>) {
    this.#options = options;
    this.#how = how;
    this.#byJob = byJob;
  }

  async send<T>(
    call: Call,
    sent: { readonly gid: string; readonly payload: Payload },
    effect: (tx: Transaction, announce: () => Promise<void>) => Promise<T>,
  ): Promise<T> {
    const { method, queryPrepared, dtm } = this.#how;
    const steps = [{ action: method, request: sent.payload }];
    const message: DtmMessage = { gid: sent.gid, steps, queryPrepared };
    if (!(await this.#tells(message, () => dtm.prepare(call, message)))) {
      return this.#byJob.send(call, sent, effect);
    }
    return this.#doLocalPart(call, message, effect);
  }

  async #doLocalPart<T>(
    call: Call,
    message: DtmMessage,
    effect: (tx: Transaction, announce: () => Promise<void>) => Promise<T>,
  ): Promise<T> {
    const { database, barrier } = this.#options;
    const branch = { gid: message.gid, transType: "msg", ...MESSAGE_BRANCH };
    let announced = false;
    try {
      const value = await database.transaction((tx) => {
        announced = false;
        return effect(tx, async () => {
          await barrier.run(tx, branch, async () => {});
          announced = true;
        });
      });
      await this.#handOver(call, message, announced);
      return value;
    } catch (error) {
      // A transaction may be committed although its end was not heard of. Where that cannot be told, DTM asks later.
      const done = await this.#wasDone(branch);
      if (done !== undefined) await this.#handOver(call, message, done);
      throw error;
    }
  }

  async #wasDone(branch: BranchInfo): Promise<boolean | undefined> {
    try {
      await this.#options.barrier.queryPrepared(branch);
      return true;
    } catch (error) {
      return error instanceof AppError && error.code === "ABORTED" ? false : undefined;
    }
  }

  /** What DTM is not told now it asks about later. */
  async #handOver(call: Call, message: DtmMessage, done: boolean): Promise<void> {
    const { dtm } = this.#how;
    await this.#tells(message, () => (done ? dtm.submit(call, message, true) : dtm.abort(call, message)));
  }

  async #tells({ gid }: DtmMessage, tell: () => Promise<void>): Promise<boolean> {
    try {
      await tell();
      return true;
    } catch (error) {
      this.#options.log.warn({ gid, error }, "DTM could not be told how a message stands");
      return false;
    }
  }
}
