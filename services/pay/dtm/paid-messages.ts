import type { Call } from "@mall/kit/call";
import type { Commit, Committed, Outcome } from "@mall/kit/idempotency";
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

/** What may make a payment paid, which is then said by `announcePaid`. */
type Effect<Res> = (tx: RowTransaction, announcePaid: AnnouncePaid) => Promise<Outcome<Res>>;

/** Makes sure that the order of a payment learns of a success that a gateway reports: by a job, or by a DTM server. */
export interface PaidMessages {
  /** Commits `effect`, and what it announces with it. */
  commit<Res>(call: Call, payId: number, commit: Commit<Res>, effect: Effect<Res>): Promise<Committed<Res>>;
}

interface PaidMessagesOptions {
  readonly jobs: PayJobs;
  readonly barrier: Barrier;
  readonly log: Logger;
  readonly runtime: Runtime;
}

function byJobs({ orderPaid }: PayJobs): PaidMessages {
  return { commit: (_call, _payId, commit, effect) => commit.shared((tx) => effect(tx, orderPaid)) };
}

/** @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE where the DTM server could not reach this process. */
export function createPaidMessages(
  { barrier, log, runtime, jobs }: PaidMessagesOptions,
  config: PayRpcConfig,
  dtm: Dtm | undefined,
): PaidMessages {
  if (dtm === undefined || config.Dtm === undefined) return byJobs(jobs);
  const place = ownPlace(PayService, config, config.Dtm);
  const action = branchTarget("orderPaid", place);
  const queryPrepared = branchTarget("queryPrepared", place);
  const messages = createTwoPhaseMessages({ dtm, barrier, log });
  return {
    commit: (call, payId, commit, effect) => {
      // One for each try: what was given up once must not stand for the next.
      const gid = `pay-${payId}-${Buffer.from(runtime.randomBytes(RANDOM_BYTES)).toString("hex")}`;
      const message = { gid, steps: [{ action, request: { id: payId } }], queryPrepared };
      // A server that cannot be reached leaves it to jobs.
      return messages.send(call, message, (announce) =>
        announce === undefined
          ? byJobs(jobs).commit(call, payId, commit, effect)
          : commit.transaction((tx) => effect(tx, announcedBy(announce, tx))),
      );
    },
  };
}

/** By a message in a whole transaction. DTM tries the delivery before that is answered, so there is nothing to wait for. */
function announcedBy(announce: Announce, tx: Transaction): AnnouncePaid {
  return async () => {
    await announce(tx);
    return { settled: async () => {} };
  };
}
