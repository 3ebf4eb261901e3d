import type { Call } from "@mall/kit/call";
import { AppError, invalidArgument } from "@mall/kit/errors";
import { shutOpen } from "../../attempt/shut-open.ts";
import { actOnPay } from "../../intent/act-on-pay.ts";
import { isGone } from "../../orders/tell-order.ts";
import { acceptHeld, returnHeldMoney } from "../../receipt/resolve-held.ts";
import type { ServiceContext } from "../context.ts";
import { payClosing, payNotFound } from "../errors.ts";
import type { ResolveRequest, ResolveResponse } from "../gen/pay.ts";

const ACCEPT = "accept";
const REFUND = "refund";

/** Decides about money that is held: the payment is paid with it, or it goes back and the payment is closed. */
export async function resolve(
  context: ServiceContext,
  call: Call,
  request: ResolveRequest,
): Promise<ResolveResponse> {
  const { id, decision } = request;
  if (decision !== ACCEPT && decision !== REFUND) {
    throw invalidArgument("decision", `must be ${ACCEPT} or ${REFUND}`);
  }
  return context.idempotency.once<ResolveResponse>(call, request, async (commit) => {
    // A payment is not closed while somebody may still pay it.
    if (decision === REFUND && !(await shutOpen(context, call, id))) throw payClosing();
    const price = decision === ACCEPT ? await priceOf(context, call, id) : undefined;
    return commit.transaction(async (tx) => {
      const act = { tx, payId: id, alsoUnnamed: true } as const;
      const told = await actOnPay(context, call, act, () =>
        decision === ACCEPT ? acceptHeld(context, tx, id, price) : returnHeldMoney(context, tx, id),
      );
      return { answer: {}, after: () => told.settled() };
    });
  });
}

/** What the order of a payment costs by now; undefined where it is gone. */
async function priceOf(context: ServiceContext, call: Call, id: number): Promise<number | undefined> {
  const pay = await context.payModel.findOne(id);
  if (pay === undefined) throw payNotFound();
  try {
    return (await context.orderRpc.detail(call, { id: pay.oid })).amount;
  } catch (error) {
    if (error instanceof AppError && isGone(error)) return undefined;
    throw error;
  }
}
