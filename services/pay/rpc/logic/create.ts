import { type Call, settleInOrder } from "@mall/kit/context";
import { DuplicateKeyError, type Transaction } from "@mall/kit/store";
import type { DetailResponse } from "@mall/order/rpc";
import { orderNotFound } from "@mall/order/rpc/errors";
import { PAY_STATUS } from "../../model/pay-state.ts";
import type { ServiceContext } from "../context.ts";
import { payAmountMismatch, payExists } from "../errors.ts";
import type { CreateRequest, CreateResponse } from "../gen/pay.ts";
import { checkPayable } from "../order-check.ts";
import { payEnd } from "../pay-end.ts";

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
  const operation = { method: "/pay.Pay/Create", request };
  return context.idempotency.once<CreateResponse>(call, operation, async (_save, commit) => {
    const [[, order], earlier] = await settleInOrder(
      settleInOrder(context.userRpc.userInfo(call, { id: uid }), context.orderRpc.detail(call, { id: oid })),
      context.payModel.findOneByOid(oid),
    );
    if (order.uid !== uid) throw orderNotFound();
    if (earlier !== undefined) throw payExists();
    checkPayable(order);
    if (order.amount !== amount) throw payAmountMismatch();
    const answer = await commit(async (tx) => ({ id: await insertOnce(context, tx, { request, order }) }));
    context.metrics.created(amount);
    return answer;
  });
}

async function insertOnce(
  context: ServiceContext,
  tx: Transaction | undefined,
  { request, order }: { readonly request: CreateRequest; readonly order: DetailResponse },
): Promise<number> {
  const { uid, oid, amount } = request;
  const expireTime = payEnd(context, order);
  try {
    const row = { uid, oid, amount, source: 0, status: PAY_STATUS.created, expireTime };
    return await context.payModel.insert(row, tx);
  } catch (error) {
    if (error instanceof DuplicateKeyError) throw payExists();
    throw error;
  }
}
