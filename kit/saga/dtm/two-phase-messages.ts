import type { BranchInfo, Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { Logger } from "@mall/kit/log";
import type { Transaction } from "@mall/kit/store";
import { type Barrier, MESSAGE_BRANCH } from "../barrier.ts";
import type { Dtm, DtmMessage } from "./dtm.ts";

/** Says in a transaction that the message is to be delivered if that commits. */
export type Announce = (tx: Transaction) => Promise<void>;

/**
 * DTM's two-phase messages: announced to DTM before a change is made, handed over once it is made, and asked about
 * if its sender dies in between.
 */
export interface TwoPhaseMessages {
  /**
   * Runs `effect`, which announces the message in the transaction of its change, or does not. Where DTM cannot be
   * told, `effect` is given nothing to announce it with and sees to what must follow itself: no change must wait
   * for DTM. Waits for a first attempt at the delivery, and says nothing of how that went.
   *
   * @throws whatever `effect` throws; ABORTED DUPLICATED where DTM had given the message up before it was announced.
   */
  send<T>(
    call: Call,
    message: DtmMessage,
    effect: (announce: Announce | undefined) => Promise<T>,
  ): Promise<T>;
}

export interface TwoPhaseOptions {
  readonly dtm: Dtm;
  /** Of the database of the changes; `queryPrepared` of the message must answer by it. */
  readonly barrier: Barrier;
  readonly log: Logger;
}

/** Two-phase messages about changes in one database. */
export function createTwoPhaseMessages({ dtm, barrier, log }: TwoPhaseOptions): TwoPhaseMessages {
  const tell = async ({ gid }: DtmMessage, told: Promise<void>): Promise<boolean> => {
    try {
      await told;
      return true;
    } catch (error) {
      log.warn({ gid, error }, "could not tell DTM the state of a message");
      return false;
    }
  };
  /** DTM asks later about what it does not learn now. */
  const handOver = (call: Call, message: DtmMessage, done: boolean): Promise<boolean> =>
    tell(message, done ? dtm.submit(call, message, true) : dtm.abort(call, message));
  return {
    send: async (call, message, effect) => {
      if (!(await tell(message, dtm.prepare(call, message)))) return effect(undefined);
      const branch = { gid: message.gid, transType: "msg", ...MESSAGE_BRANCH };
      let done = false;
      const announce: Announce = async (tx) => {
        await barrier.run(tx, branch, async () => {});
        tx.afterEnd(async (end) => {
          if (end === "committed") done = true;
        });
      };
      try {
        const value = await effect(announce);
        await handOver(call, message, done);
        return value;
      } catch (error) {
        // A transaction may be committed although we did not learn so. Then DTM asks later.
        const known = done || (await wasDone(barrier, branch));
        if (known !== undefined) await handOver(call, message, known);
        throw error;
      }
    },
  };
}

async function wasDone(barrier: Barrier, branch: BranchInfo): Promise<boolean | undefined> {
  try {
    await barrier.queryPrepared(branch);
    return true;
  } catch (error) {
    return error instanceof AppError && error.code === "ABORTED" ? false : undefined;
  }
}
