import type { Facts } from "@mall/kit/audit";
import type { Call } from "@mall/kit/call";
import { invalidArgument } from "@mall/kit/errors";
import type { Transaction } from "@mall/kit/store";
import { mustMove } from "../intent/lock.ts";
import { DIFFERENCE_STATE, type PayBillDifferenceRow } from "../model/pay-bill-difference-model.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { billDifferenceNotFound } from "../rpc/errors.ts";

const NOTE_LENGTH_MAX = 255;

/**
 * Writes down what somebody has found out about a difference, and that it waits for nobody any more. One that is settled,
 * or gone by itself, stays as it is. Written down as what the call's actor did.
 *
 * @throws AppError INVALID_ARGUMENT naming `note`; NOT_FOUND BILL_DIFFERENCE_NOT_FOUND.
 */
export async function settleDifference(
  { audit, runtime, billDifferenceModel }: Pick<ServiceContext, "audit" | "runtime" | "billDifferenceModel">,
  tx: Transaction,
  call: Call,
  { id, note }: { readonly id: number; readonly note: string },
): Promise<PayBillDifferenceRow> {
  const length = [...note].length;
  if (length < 1 || length > NOTE_LENGTH_MAX)
    throw invalidArgument("note", `must have 1 to ${NOTE_LENGTH_MAX} characters`);
  const find = async (): Promise<PayBillDifferenceRow> => {
    const row = await billDifferenceModel.lockOne(id, tx);
    if (row === undefined) throw billDifferenceNotFound();
    return row;
  };
  const look = async (): Promise<Facts> => {
    const { state, note: kept } = await find();
    return { state, note: kept };
  };
  const act = { subject: `bill-difference/${id}`, look, alsoUnnamed: true } as const;
  return audit.record(tx, call, act, async () => {
    const row = await find();
    if (row.state !== DIFFERENCE_STATE.open) return row;
    const settled = {
      ...{ state: DIFFERENCE_STATE.settled, note, settledBy: call.actor?.who ?? "" },
      endedAt: runtime.now(),
    };
    const expect = { state: DIFFERENCE_STATE.open };
    await mustMove(billDifferenceModel.update(id, settled, { expect, tx }));
    return { ...row, ...settled };
  });
}
