import type { Call } from "@mall/kit/call";
import { isOpen } from "../model/attempt-state.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { notDecidedYet } from "../rpc/errors.ts";
import type { AttemptPayload } from "../rpc/pay-jobs.ts";
import { shutAttempt } from "./ask-attempt.ts";

/** Closes an attempt that is not to be paid any more at its channel; where it cannot be yet, the look at it does later. */
export async function closeAttempt(
  context: ServiceContext,
  call: Call,
  { attemptId }: AttemptPayload,
): Promise<void> {
  const attempt = await context.attemptModel.findOne(attemptId);
  if (attempt === undefined) throw notDecidedYet();
  if (isOpen(attempt.state)) await shutAttempt(context, call, attempt);
}
