import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { unixSeconds } from "@mall/kit/runtime";
import { demandRegistered } from "../../attempt/pay-way.ts";
import { takesCurrency } from "../../channels/takes-currency.ts";
import { isDue, isPayable } from "../../intent/payable.ts";
import { ATTEMPT_STATE, isOpen } from "../../model/attempt-state.ts";
import type { PayRow } from "../../model/pay-model.ts";
import { PAY_STATUS } from "../../model/pay-state.ts";
import { isGone } from "../../orders/tell-order.ts";
import type { ServiceContext } from "../context.ts";
import { payNotFound } from "../errors.ts";
import type { CashierRequest, CashierResponse } from "../gen/pay.ts";

/** What a buyer may see of a payment before paying it; asks no channel. */
export async function cashier(
  context: ServiceContext,
  call: Call,
  { id, returnUrl = "" }: CashierRequest,
): Promise<CashierResponse> {
  demandRegistered(context, returnUrl);
  const pay = await context.payModel.findOne(id);
  if (pay === undefined) throw payNotFound();
  const attempts = await context.attemptModel.findByPay(id);
  const waiting = attempts.some(({ state }) => isOpen(state));
  // Nobody is sent to where every attempt is refused.
  const channels = [...context.channels.values()].filter((channel) => takesCurrency(channel, pay.currency));
  return {
    id,
    oid: pay.oid,
    amount: pay.amount,
    currency: pay.currency,
    state: await stateOf(context, call, { pay, waiting }),
    expireTime: unixSeconds(pay.expireTime),
    now: context.runtime.now(),
    waiting,
    attempts: attempts.filter(({ state }) => state !== ATTEMPT_STATE.created).length,
    channels: channels.map(({ name, source, products }) => ({ name, source, products: [...products] })),
  };
}

/** What the states of a payment that is not open any more are to its buyer. */
const ENDS: Readonly<Record<number, string>> = {
  [PAY_STATUS.paid]: "paid",
  [PAY_STATUS.partlyRefunded]: "paid",
  [PAY_STATUS.refunded]: "refunded",
  [PAY_STATUS.held]: "held",
  [PAY_STATUS.closed]: "closed",
};

/** Never an end while money may still be on its way. */
async function stateOf(
  context: ServiceContext,
  call: Call,
  { pay, waiting }: { readonly pay: PayRow; readonly waiting: boolean },
): Promise<string> {
  const end = ENDS[pay.status];
  if (end !== undefined) return end;
  const over = waiting ? "checking" : "closed";
  if (isDue(pay, context.runtime.now())) return over;
  try {
    const order = await context.orderRpc.detail(call, { id: pay.oid });
    if (!isPayable(order)) return over;
    return order.amount === pay.amount ? "open" : "changed";
  } catch (error) {
    if (error instanceof AppError && isGone(error)) return over;
    throw error;
  }
}
