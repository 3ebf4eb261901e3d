import { type Call, settleInOrder } from "@mall/kit/context";
import { invalidArgument } from "@mall/kit/errors";
import { orderNotFound } from "@mall/order/rpc/errors";
import type { PayRow } from "../../model/pay-model.ts";
import { PAY_STATUS } from "../../model/pay-state.ts";
import type { ServiceContext } from "../context.ts";
import { payAmountMismatch, payNotFound, payStateConflict } from "../errors.ts";
import type { CallbackRequest, CallbackResponse } from "../gen/pay.ts";

/** The largest source that the column holds. */
const SOURCE_MAX = 255;

/**
 * Takes a gateway's word that a payment succeeded. It must name the payment's own user, order and amount.
 * The order decides first, since it may have been cancelled; then the payment follows. Both steps may be
 * repeated, so a callback that broke off in between is completed by sending it again.
 */
export async function callback(
  context: ServiceContext,
  call: Call,
  request: CallbackRequest,
): Promise<CallbackResponse> {
  checkRequest(request);
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
  if (pay.status !== PAY_STATUS.created && !isSameSuccess(pay, request)) throw payStateConflict();
  await context.orderRpc.paid(call, { id: pay.oid });
  await markPaid(context, request);
  return {};
}

/** Before anything else: a source that the payment's row cannot take must not be found out once the order is paid. */
function checkRequest({ source, status }: CallbackRequest): void {
  if (status !== PAY_STATUS.paid) throw invalidArgument("status", "must be 1 (paid)");
  if (source < 0 || source > SOURCE_MAX)
    throw invalidArgument("source", `must be between 0 and ${SOURCE_MAX}`);
}

async function markPaid(context: ServiceContext, request: CallbackRequest): Promise<void> {
  if (await context.payModel.markPaid(request.id, request.source)) {
    context.metrics.succeeded(request.source, request.amount);
    return;
  }
  const pay = await context.payModel.findOne(request.id);
  if (pay === undefined || !isSameSuccess(pay, request)) throw payStateConflict();
}

function isSameSuccess(pay: PayRow, request: CallbackRequest): boolean {
  return pay.status === PAY_STATUS.paid && pay.source === request.source;
}
