import type { Call } from "@mall/kit/call";
import type { JobOutcome } from "@mall/kit/jobs";
import type { ServiceContext } from "../rpc/context.ts";
import { closeDue } from "./close.ts";

/** Payments that are looked at in one go. */
const PAYMENTS_MAX = 100;
/** Pauses between two looks: the longest finds what another process or an operator has changed. */
const PAUSE_MS_MIN = 1_000;
const PAUSE_MS_MAX = 60_000;
/** After a look that failed; an outage is mostly over soon, and what is due waits for the next look. */
const PAUSE_MS_FAILED = 5_000;

/**
 * Closes payments at their end for which no channel may take money any more; those with open attempts are closed
 * with the last of these. Says when to look again; it never ends, and never fails for so long that it is given up.
 */
export async function expire(context: ServiceContext, call: Call): Promise<JobOutcome> {
  try {
    return { again: await closeAllDue(context, call) };
  } catch (error) {
    if (call.error !== undefined) throw error;
    context.log.warn({ error }, "payments at their end could not be looked for, and wait");
    return { again: PAUSE_MS_FAILED };
  }
}

async function closeAllDue(context: ServiceContext, call: Call): Promise<number> {
  const { payModel, runtime, expireMs, database } = context;
  const ids = await payModel.findDue(new Date(runtime.now()), PAYMENTS_MAX);
  for (const id of ids) {
    call.throwIfDone();
    await database.transaction(async (tx) => {
      const pay = await payModel.lockOne(id, tx);
      if (pay !== undefined) await closeDue(context, tx, pay);
    });
  }
  if (ids.length === PAYMENTS_MAX) return 0;
  const now = runtime.now();
  const next = await payModel.nextEnd(new Date(now));
  const longest = expireMs > 0 ? Math.min(expireMs, PAUSE_MS_MAX) : PAUSE_MS_MAX;
  const leftMs = next === undefined ? longest : next.getTime() - now;
  return Math.max(PAUSE_MS_MIN, Math.min(leftMs, longest));
}
