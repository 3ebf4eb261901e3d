import { closeDue } from "../intent/close.ts";
import { lockSubject, mustMove } from "../intent/lock.ts";
import { isOpen } from "../model/attempt-state.ts";
import type { PayAttemptRow } from "../model/pay-attempt-model.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { prepaySuperseded } from "../rpc/errors.ts";
import { settlePrepay } from "./record-prepay.ts";

/** Writes down that a channel takes no money for an attempt; a payment whose time is over is closed with its last. */
export async function recordClosed(context: ServiceContext, { id, payId }: PayAttemptRow): Promise<void> {
  await context.database.transaction(async (tx) => {
    const { pay, attempt } = await lockSubject(context, tx, { id, payId });
    if (!isOpen(attempt.state)) return;
    await mustMove(context.attemptModel.move(tx, attempt, "close"));
    await settlePrepay(context, tx, attempt, { error: prepaySuperseded() });
    await closeDue(context, tx, pay);
  });
}
