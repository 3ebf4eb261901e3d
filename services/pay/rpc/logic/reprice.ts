import type { Call } from "@mall/kit/call";
import { shutOpen } from "../../attempt/shut-open.ts";
import { actOnPay } from "../../intent/act-on-pay.ts";
import { checkOpen, isPayable } from "../../intent/payable.ts";
import { reprice as giveAmount } from "../../intent/reprice.ts";
import { PAY_STATUS } from "../../model/pay-state.ts";
import { afterTaken } from "../../receipt/receipt.ts";
import type { ServiceContext } from "../context.ts";
import { payClosing, payNotFound } from "../errors.ts";
import type { RepriceRequest, RepriceResponse } from "../gen/pay.ts";

/**
 * Brings the payment of an order to what the order costs by now, once nobody can pay the old amount any more: for
 * who changes an order, before it, so that it is refused where money has come, and after it. An order without a
 * payment, or with a closed one, has nothing to bring along. One that costs nothing by now is paid.
 *
 * @throws AppError ABORTED that says why the payment takes no other amount; PAY_CLOSING where a channel has not said
 * yet that it takes no more money.
 */
export async function reprice(
  context: ServiceContext,
  call: Call,
  { oid }: RepriceRequest,
): Promise<RepriceResponse> {
  const { payModel, attemptModel, database, orderRpc, runtime } = context;
  const known = await payModel.findOneByOid(oid);
  if (known === undefined || known.status === PAY_STATUS.closed) return {};
  checkOpen(known, runtime.now());
  await shutOpen(context, call, known.id);
  const order = await orderRpc.detail(call, { id: oid });
  const taken = await database.transaction(async (tx) => {
    const pay = await payModel.lockOne(known.id, tx);
    if (pay === undefined) throw payNotFound();
    checkOpen(pay, runtime.now());
    if ((await attemptModel.findOpen(pay.id, tx)).length > 0) throw payClosing();
    const { amount } = order;
    if (!isPayable(order) || amount === pay.amount) return undefined;
    const act = { tx, payId: pay.id };
    return actOnPay(context, call, act, () => giveAmount(context, tx, pay, { amount, order }));
  });
  if (taken !== undefined) await afterTaken(context, taken);
  return {};
}
