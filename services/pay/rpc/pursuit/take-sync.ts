import type { PayAttemptRow } from "../../model/pay-attempt-model.ts";
import type { ServiceContext } from "../context.ts";
import { paySyncLimited } from "../errors.ts";

/**
 * Counts that channels are to be asked about a payment, before they are; a payment that leaves nothing to ask counts
 * nothing.
 *
 * @param attempts those that are to be asked about.
 * @throws AppError RESOURCE_EXHAUSTED PAY_SYNC_LIMITED where that was done too often.
 */
export async function takeSync(
  { refundModel, askingLimits }: ServiceContext,
  payId: number,
  attempts: readonly PayAttemptRow[],
): Promise<void> {
  if (attempts.length === 0 && (await refundModel.findWaiting(payId)).length === 0) return;
  const waitSeconds = await askingLimits.sync.take(String(payId));
  if (waitSeconds > 0) throw paySyncLimited(waitSeconds);
}
