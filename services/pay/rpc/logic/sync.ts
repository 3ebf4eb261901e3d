import type { Call } from "@mall/kit/context";
import { ATTEMPT_STATE, isOpen } from "../../model/attempt-state.ts";
import type { PayAttemptRow } from "../../model/pay-attempt-model.ts";
import type { ServiceContext } from "../context.ts";
import { payNotFound } from "../errors.ts";
import type { DetailResponse, SyncRequest } from "../gen/pay.ts";
import { pursueRefund } from "../pursuit/pursue-refund.ts";
import { askAttempt } from "../pursuit/settle-attempt.ts";
import { takeSync } from "../pursuit/take-sync.ts";
import { toDetail } from "../to-detail.ts";

/**
 * Asks the channels now where a payment's attempts and refunds stand, and tells the payment after that.
 *
 * @throws AppError RESOURCE_EXHAUSTED PAY_SYNC_LIMITED where they were asked about it too often.
 */
export async function sync(
  context: ServiceContext,
  call: Call,
  request: SyncRequest,
): Promise<DetailResponse> {
  const attempts = (await context.attemptModel.findByPay(request.id)).filter(mayTell);
  await takeSync(context, request.id, attempts);
  for (const attempt of attempts) await askAttempt(context, call, attempt);
  for (const { id } of await context.refundModel.findWaiting(request.id))
    await pursueRefund(context, call, id);
  const pay = await context.payModel.findOne(request.id);
  if (pay === undefined) throw payNotFound();
  return toDetail(pay);
}

/** A closed one too: money may have come while it was being closed. */
function mayTell({ state }: PayAttemptRow): boolean {
  return isOpen(state) || state === ATTEMPT_STATE.closed;
}
