import type { Call } from "@mall/kit/call";
import { type Announce, branchTarget, createTwoPhaseMessages, type Dtm, ownPlace } from "@mall/kit/saga";
import type { RowTransaction, Transaction } from "@mall/kit/store";
import type { PayRpcConfig } from "./config.ts";
import type { ServiceContext } from "./context.ts";
import { PayService } from "./gen/pay.ts";

const RANDOM_BYTES = 8;

/** Has a DTM server see to it that orders learn of a success; where there is none, jobs do. */
export interface PaidMessages {
  /** Runs `effect` in a context whose success is followed by a message of DTM's, or by a job. */
  send<T>(
    context: ServiceContext,
    call: Call,
    payId: number,
    effect: (context: ServiceContext) => Promise<T>,
  ): Promise<T>;
}

/** Jobs see to it. */
const BY_JOBS: PaidMessages = { send: (context, _call, _payId, effect) => effect(context) };

/** @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE where the DTM server could not reach this process. */
export function createPaidMessages(
  { barrier, log }: Pick<ServiceContext, "barrier" | "log">,
  config: PayRpcConfig,
  dtm: Dtm | undefined,
): PaidMessages {
  if (dtm === undefined || config.Dtm === undefined) return BY_JOBS;
  const place = ownPlace(PayService, config, config.Dtm);
  const action = branchTarget("orderPaid", place);
  const queryPrepared = branchTarget("queryPrepared", place);
  const messages = createTwoPhaseMessages({ dtm, barrier, log });
  return {
    send: (context, call, payId, effect) => {
      // One for each try: what was given up once must not stand for the next.
      const gid = `pay-${payId}-${Buffer.from(context.runtime.randomBytes(RANDOM_BYTES)).toString("hex")}`;
      const message = { gid, steps: [{ action, request: { id: payId } }], queryPrepared };
      return messages.send(call, message, (announce) =>
        effect(announce === undefined ? context : followedBy(context, announce)),
      );
    },
  };
}

/** DTM tries the delivery before `send` resolves, so there is nothing to wait for. */
function followedBy(context: ServiceContext, announce: Announce): ServiceContext {
  const orderPaid: ServiceContext["jobs"]["orderPaid"] = async (tx) => {
    if (!isWhole(tx)) throw new Error("a message of DTM's is announced in a transaction that nobody shares");
    await announce(tx);
    return { settled: async () => {} };
  };
  return { ...context, jobs: { ...context.jobs, orderPaid } };
}

/** Whether a transaction takes any statement. */
function isWhole(tx: RowTransaction): tx is Transaction {
  return "write" in tx;
}
