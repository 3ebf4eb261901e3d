import type { Call } from "@mall/kit/call";
import { type JobOutcome, LOOK_MS_MAX, standingJob, untilNextLook } from "@mall/kit/jobs";
import type { ServiceContext } from "../rpc/context.ts";
import { closeDue } from "./close.ts";

/** Payments that are looked at in one go. */
const PAYMENTS_MAX = 100;

/**
 * Closes payments at their end for which no channel may take money any more; those with open attempts are closed
 * with the last of these. Says when to look again, and never ends.
 */
export function expire(context: ServiceContext): (call: Call) => Promise<JobOutcome> {
  return standingJob(context, "payments at their end", (call) => closeAllDue(context, call));
}

async function closeAllDue(context: ServiceContext, call: Call): Promise<number> {
  const { payModel, runtime, expireMs, database } = context;
  const begunAt = runtime.elapsed();
  const ids = await payModel.findDue(new Date(runtime.now()), PAYMENTS_MAX);
  for (const id of ids) {
    if (runtime.elapsed() - begunAt >= LOOK_MS_MAX) return 0;
    call.throwIfDone();
    await database.transaction(async (tx) => {
      const pay = await payModel.lockOne(id, tx);
      if (pay !== undefined) await closeDue(context, tx, pay);
    });
  }
  if (ids.length === PAYMENTS_MAX) return 0;
  const now = runtime.now();
  const next = await payModel.nextEnd(new Date(now));
  return untilNextLook(next && next.getTime() - now, expireMs);
}
