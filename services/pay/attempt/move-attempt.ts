import type { RowTransaction } from "@mall/kit/store";
import { type AttemptMove, attemptMoved } from "../model/attempt-state.ts";
import type { PayAttempt, UnwrittenAttempt } from "../model/pay-attempt-model.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { payStateConflict } from "../rpc/errors.ts";

/** A move with what else it says of the attempt. */
interface MoveWith extends Partial<Omit<PayAttempt, "id" | "state">> {
  readonly move: AttemptMove;
}

/**
 * Moves an attempt, as mustMove demands. One that is not written down yet is written as it is after the move.
 *
 * @returns the attempt after the move.
 * @throws AppError ABORTED PAY_STATE_CONFLICT
 */
export async function moveAttempt(
  { attemptModel }: ServiceContext,
  tx: RowTransaction,
  attempt: PayAttempt | UnwrittenAttempt,
  { move, ...changes }: MoveWith,
): Promise<PayAttempt> {
  const moved =
    attempt.id === undefined
      ? await attemptModel.insertMoved(tx, attempt, move, changes)
      : (await attemptModel.move(tx, attempt, move, changes)) && after(attempt, move, changes);
  if (!moved) throw payStateConflict();
  return moved;
}

function after(attempt: PayAttempt, move: AttemptMove, changes: Partial<PayAttempt>): PayAttempt | undefined {
  const state = attemptMoved(attempt.state, move);
  return state === undefined ? undefined : { ...attempt, ...changes, state };
}
