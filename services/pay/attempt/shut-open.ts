import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { isOpen } from "../model/attempt-state.ts";
import type { PayAttemptRow } from "../model/pay-attempt-model.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { notDecidedYet } from "../rpc/errors.ts";
import type { AttemptPayload } from "../rpc/pay-jobs.ts";
import { shutAttempt } from "./ask-attempt.ts";

/**
 * Closes all open attempts of a payment at their channels, as far as these answer; what happens meanwhile is written
 * down like anything else. What stays open is for its job; so is all of it where clients had them asked too often.
 *
 * @returns whether none is open any more.
 */
export async function shutOpen(context: ServiceContext, call: Call, payId: number): Promise<boolean> {
  return shutThese(context, call, payId, await context.attemptModel.findOpen(payId));
}

/** The same where the open attempts of the payment are known. */
export async function shutThese(
  context: ServiceContext,
  call: Call,
  payId: number,
  open: readonly PayAttemptRow[],
): Promise<boolean> {
  if (open.length === 0) return true;
  if ((await context.askingLimits.shut.take(String(payId))) > 0) return false;
  const ends = await Promise.all(
    open.map(async (attempt) => {
      try {
        return await shutAttempt(context, call, attempt);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        context.log.warn({ error }, "could not close an attempt at its channel yet");
        return "open";
      }
    }),
  );
  return !ends.includes("open");
}

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
