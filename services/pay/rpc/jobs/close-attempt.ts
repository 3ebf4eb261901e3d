import type { Call } from "@mall/kit/call";
import { isOpen } from "../../model/attempt-state.ts";
import type { ServiceContext } from "../context.ts";
import { notDecidedYet } from "../errors.ts";
import { shutAttempt } from "../pursuit/settle-attempt.ts";
import type { AttemptPayload } from "./pay-jobs.ts";

/** Closes an attempt that is not to be paid any more at its channel. */
export async function closeAttempt(
  context: ServiceContext,
  call: Call,
  { attemptId }: AttemptPayload,
): Promise<void> {
  const attempt = await context.attemptModel.findOne(attemptId);
  if (attempt === undefined) throw notDecidedYet();
  if (isOpen(attempt.state)) await shutAttempt(context, call, attempt);
}
