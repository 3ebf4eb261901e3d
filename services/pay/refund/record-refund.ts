import { fitText } from "@mall/kit/store";
import { type PayRefundRow, REFUND_ERROR_LENGTH_MAX } from "../model/pay-refund-model.ts";
import { REFUND_STATE } from "../model/refund-state.ts";
import type { ServiceContext } from "../rpc/context.ts";

/** Writes down that a channel is about to be asked: from now on it may know the refund. */
export async function recordRefundAsked(context: ServiceContext, refund: PayRefundRow): Promise<void> {
  if (refund.state === REFUND_STATE.processing) return;
  await context.database.transaction(async (tx) => {
    await context.refundModel.move(tx, refund, "ask");
  });
}

/** Writes down that a channel refused a refund, which is still asked about for a while. */
export async function recordRefundRefused(
  context: ServiceContext,
  refund: PayRefundRow,
  why: string,
): Promise<void> {
  const error = fitText(why, REFUND_ERROR_LENGTH_MAX);
  const expect = { state: REFUND_STATE.processing };
  await context.refundModel.update(refund.id, { error }, { expect });
}

/** What a refund says that its channel can make no further by itself. */
export const STUCK =
  "the channel cannot send the money to the buyer: somebody has to see to it at the channel's own pages";

/** Writes down that a refund waits for somebody at its channel, which is asked about it on. */
export async function recordRefundStuck(context: ServiceContext, refund: PayRefundRow): Promise<void> {
  if (refund.error === STUCK) return;
  await context.refundModel.update(
    refund.id,
    { error: STUCK },
    { expect: { state: REFUND_STATE.processing } },
  );
}
