import type { Call } from "@mall/kit/call";
import type { JobInfo, JobOutcome } from "@mall/kit/jobs";
import type { ServiceContext } from "../context.ts";
import { pursueRefund } from "../pursuit/pursue-refund.ts";
import type { RefundPayload } from "./pay-jobs.ts";

/** The pause grows with the refund's age, by this part of it; milliseconds. */
const PAUSE_OF_AGE = 0.5;
const PAUSE_MS_MIN = 1_000;
const PAUSE_MS_MAX = 600_000;

/** Has a refund made by its channel, and asks until that says how it ended. */
export async function refund(
  context: ServiceContext,
  call: Call,
  { refundId }: RefundPayload,
  { createdAt }: JobInfo,
): Promise<JobOutcome | undefined> {
  if ((await pursueRefund(context, call, refundId)) === "over") return undefined;
  const ageMs = context.runtime.now() - createdAt;
  return { again: Math.min(PAUSE_MS_MAX, Math.max(PAUSE_MS_MIN, ageMs * PAUSE_OF_AGE)) };
}
