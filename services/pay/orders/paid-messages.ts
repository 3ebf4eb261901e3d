import type { Call } from "@mall/kit/call";
import type { Logger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";
import {
  type Announce,
  type Barrier,
  branchTarget,
  createTwoPhaseMessages,
  type Dtm,
  ownPlace,
} from "@mall/kit/saga";
import type { RowTransaction, Transaction } from "@mall/kit/store";
import type { PayRpcConfig } from "../rpc/config.ts";
import { PayService } from "../rpc/gen/pay.ts";
import type { PayJobs } from "../rpc/pay-jobs.ts";

const RANDOM_BYTES = 8;

/** Says, in the transaction that decides it, that a payment succeeded; `after` what it is said once more. */
export type AnnouncePaid = PayJobs["orderPaid"];

/** Has a DTM server see to it that orders learn of a success; where there is none, jobs do. */
export interface PaidMessages {
  /** Runs `effect`, whose success is announced by a message of DTM's where it is given how, else by a job. */
  send<T>(
    call: Call,
    payId: number,
    effect: (announcePaid: AnnouncePaid | undefined) => Promise<T>,
  ): Promise<T>;
}

interface PaidMessagesOptions {
  readonly barrier: Barrier;
  readonly log: Logger;
  readonly runtime: Runtime;
}

/** Jobs see to it. */
const BY_JOBS: PaidMessages = { send: (_call, _payId, effect) => effect(undefined) };

/** @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE where the DTM server could not reach this process. */
export function createPaidMessages(
  { barrier, log, runtime }: PaidMessagesOptions,
  config: PayRpcConfig,
  dtm: Dtm | undefined,
): PaidMessages {
  if (dtm === undefined || config.Dtm === undefined) return BY_JOBS;
  const place = ownPlace(PayService, config, config.Dtm);
  const action = branchTarget("orderPaid", place);
  const queryPrepared = branchTarget("queryPrepared", place);
  const messages = createTwoPhaseMessages({ dtm, barrier, log });
  return {
    send: (call, payId, effect) => {
      // One for each try: what was given up once must not stand for the next.
      const gid = `pay-${payId}-${Buffer.from(runtime.randomBytes(RANDOM_BYTES)).toString("hex")}`;
      const message = { gid, steps: [{ action, request: { id: payId } }], queryPrepared };
      return messages.send(call, message, (announce) =>
        effect(announce === undefined ? undefined : announcedBy(announce)),
      );
    },
  };
}

/** DTM tries the delivery before `send` resolves, so there is nothing to wait for. */
function announcedBy(announce: Announce): AnnouncePaid {
  return async (tx) => {
    if (!isWhole(tx)) throw new Error("a message of DTM's is announced in a transaction that nobody shares");
    await announce(tx);
    return { settled: async () => {} };
  };
}

/** Whether a transaction takes any statement. */
function isWhole(tx: RowTransaction): tx is Transaction {
  return "write" in tx;
}
