import type { Facts } from "@mall/kit/audit";
import type { Call } from "@mall/kit/call";
import type { Transaction } from "@mall/kit/store";
import { mustMove } from "../intent/lock.ts";
import { BILL_STATE, type PayBillRow } from "../model/pay-bill-model.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { billNotFound } from "../rpc/errors.ts";

/**
 * Has a bill compared once more, as soon as `tx` is committed: also one that its job has given up, or fails at. One that
 * is about to be compared is left as it is. Written down as what the call's actor did.
 *
 * @throws AppError NOT_FOUND BILL_NOT_FOUND.
 */
export async function compareAgain(
  { audit, billModel, jobs }: Pick<ServiceContext, "audit" | "billModel" | "jobs">,
  tx: Transaction,
  call: Call,
  { id }: { readonly id: number },
): Promise<PayBillRow> {
  const find = async (): Promise<PayBillRow> => {
    const row = await billModel.lockOne(id, tx);
    if (row === undefined || row.state === BILL_STATE.unseen) throw billNotFound();
    return row;
  };
  const look = async (): Promise<Facts> => {
    const { state, asked } = await find();
    return { state, asked };
  };
  const act = { subject: `bill/${id}`, look, alsoUnnamed: true } as const;
  return audit.record(tx, call, act, async () => {
    const row = await find();
    if (row.state === BILL_STATE.waiting && row.error === "") return row;
    const { state, asked } = row;
    const again = { state: BILL_STATE.waiting, asked: asked + 1, error: "" };
    await mustMove(billModel.update(id, again, { expect: { state, asked }, tx }));
    const asking = { ...row, ...again };
    await jobs.compareBill(tx, asking);
    return asking;
  });
}
