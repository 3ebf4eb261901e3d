import { type Call, settleInOrder } from "@mall/kit/context";
import { DuplicateKeyError } from "@mall/kit/store";
import { orderNotFound } from "@mall/order/rpc/errors";
import { PAY_STATUS } from "../../model/pay-state.ts";
import type { ServiceContext } from "../context.ts";
import { payAmountMismatch, payExists } from "../errors.ts";
import type { CreateRequest, CreateResponse } from "../gen/pay.ts";
import { checkPayable } from "../order-check.ts";

/**
 * Opens the payment of an order: one per order, held by the unique index. The look for an earlier one
 * only spares the database a refused insert.
 */
export async function create(
  context: ServiceContext,
  call: Call,
  request: CreateRequest,
): Promise<CreateResponse> {
  const { uid, oid, amount } = request;
  const [[, order], earlier] = await settleInOrder(
    settleInOrder(context.userRpc.userInfo(call, { id: uid }), context.orderRpc.detail(call, { id: oid })),
    context.payModel.findOneByOid(oid),
  );
  if (order.uid !== uid) throw orderNotFound();
  if (earlier !== undefined) throw payExists();
  checkPayable(order);
  if (order.amount !== amount) throw payAmountMismatch();
  return { id: await insertOnce(context, request) };
}

async function insertOnce(context: ServiceContext, request: CreateRequest): Promise<number> {
  const { uid, oid, amount } = request;
  try {
    const id = await context.payModel.insert({ uid, oid, amount, source: 0, status: PAY_STATUS.created });
    context.metrics.created(amount);
    return id;
  } catch (error) {
    if (error instanceof DuplicateKeyError) throw payExists();
    throw error;
  }
}
