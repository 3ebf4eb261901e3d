import type { Transaction } from "@mall/kit/store";
import type { DetailResponse } from "@mall/order/rpc";
import type { PayRow } from "../model/pay-model.ts";
import type { Taken } from "../receipt/receipt.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { payExists } from "../rpc/errors.ts";
import { isDue, payEnd } from "./payable.ts";
import { settleFree } from "./settle-free.ts";

/**
 * Gives a payment the amount that its order has by now, and its time anew; what costs nothing by now is paid.
 *
 * @returns what became of a payment of amount 0.
 * @throws AppError ALREADY_EXISTS PAY_EXISTS where it is not as it was read, may still be paid with the old amount,
 * or its time is over.
 */
export async function reprice(
  context: ServiceContext,
  tx: Transaction,
  { id, amount: oldAmount }: PayRow,
  { amount, order }: { readonly amount: number; readonly order: DetailResponse },
): Promise<Taken | undefined> {
  const { payModel, attemptModel, runtime } = context;
  const pay = await payModel.lockOne(id, tx);
  const isAsRead = pay?.amount === oldAmount && !isDue(pay, runtime.now());
  if (!isAsRead || (await attemptModel.findOpen(id, tx)).length > 0) throw payExists();
  if (!(await payModel.reprice(tx, pay, { amount, expireTime: payEnd(context, order) }))) throw payExists();
  return amount === 0 ? settleFree(context, tx, id) : undefined;
}
