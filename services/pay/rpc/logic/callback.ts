import { type Call, settleInOrder } from "@mall/kit/context";
import { invalidArgument } from "@mall/kit/errors";
import { orderNotFound } from "@mall/order/rpc/errors";
import { PAY_STATUS } from "../../model/pay-state.ts";
import type { ServiceContext } from "../context.ts";
import { countTaken } from "../count-taken.ts";
import { recordCallback } from "../decisions/record-callback.ts";
import type { Taken } from "../decisions/take-money.ts";
import { payAmountMismatch, payNotFound } from "../errors.ts";
import type { CallbackRequest, CallbackResponse } from "../gen/pay.ts";
import { inTransaction } from "../in-transaction.ts";

/** The largest source that the column holds. */
const SOURCE_MAX = 255;

/**
 * Takes a gateway's word that a payment succeeded. It must name the payment's own user, order and amount. The
 * order is told by a job, or by a DTM server, and that has been tried when this answers; an order that can no longer be had gets its money
 * back.
 */
export async function callback(
  context: ServiceContext,
  call: Call,
  request: CallbackRequest,
): Promise<CallbackResponse> {
  checkRequest(request);
  const operation = { method: "/pay.Pay/Callback", request };
  return context.idempotency.once<CallbackResponse>(call, operation, async (_save, commit) => {
    await checkNamed(context, call, request);
    let taken: Taken | undefined;
    const answer = await context.paidMessages.send(context, call, request.id, (followed) =>
      commit(async (own) => {
        taken = await inTransaction(context, own, (tx) => recordCallback(followed, tx, request));
        return {};
      }),
    );
    if (taken !== undefined) countTaken(context, taken);
    await taken?.told?.settled();
    return answer;
  });
}

/** Before anything else: a source that the payment's row cannot take must not be found out later. */
function checkRequest({ source, status }: CallbackRequest): void {
  if (status !== PAY_STATUS.paid) throw invalidArgument("status", "must be 1 (paid)");
  if (source < 0 || source > SOURCE_MAX)
    throw invalidArgument("source", `must be between 0 and ${SOURCE_MAX}`);
}

async function checkNamed(context: ServiceContext, call: Call, request: CallbackRequest): Promise<void> {
  const [[, order], pay] = await settleInOrder(
    settleInOrder(
      context.userRpc.userInfo(call, { id: request.uid }),
      context.orderRpc.detail(call, { id: request.oid }),
    ),
    context.payModel.findOne(request.id),
  );
  if (pay === undefined) throw payNotFound();
  if (pay.oid !== request.oid || pay.uid !== request.uid || order.uid !== pay.uid) throw orderNotFound();
  if (pay.amount !== request.amount || order.amount !== pay.amount) throw payAmountMismatch();
}
