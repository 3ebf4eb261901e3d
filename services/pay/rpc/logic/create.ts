import { settleInOrder } from "@mall/kit/async";
import type { Call } from "@mall/kit/call";
import type { CommitEffect } from "@mall/kit/idempotency";
import { DuplicateKeyError, type Transaction } from "@mall/kit/store";
import type { DetailResponse } from "@mall/order/rpc";
import { orderNotFound } from "@mall/order/rpc/errors";
import { shutOpen } from "../../attempt/shut-open.ts";
import { PAY_SOURCE } from "../../channels/pay-source.ts";
import { actOnPay } from "../../intent/act-on-pay.ts";
import { checkPayable, isPayable, payEnd } from "../../intent/payable.ts";
import { reprice } from "../../intent/reprice.ts";
import { afterFree, settleFree } from "../../intent/settle-free.ts";
import type { PayRow } from "../../model/pay-model.ts";
import { PAY_STATUS } from "../../model/pay-state.ts";
import type { Taken } from "../../receipt/receipt.ts";
import type { ServiceContext } from "../context.ts";
import { payAmountMismatch, payClosing, payExists } from "../errors.ts";
import type { CreateRequest, CreateResponse } from "../gen/pay.ts";
import { inTransaction } from "../in-transaction.ts";

const METHOD = "/pay.Pay/Create";

/**
 * Opens the payment of an order: one per order, held by the unique index. The look for an earlier one
 * only spares the database a refused insert. The payment of an order that costs nothing is paid with that.
 */
export async function create(
  context: ServiceContext,
  call: Call,
  request: CreateRequest,
): Promise<CreateResponse> {
  const { uid, oid, amount } = request;
  const operation = { method: METHOD, request };
  return context.idempotency.once<CreateResponse>(call, operation, async (_save, commit) => {
    const [[, order], earlier] = await settleInOrder(
      settleInOrder(context.knownUsers.demand(call, uid), context.orderRpc.detail(call, { id: oid })),
      context.payModel.findOneByOid(oid),
    );
    if (order.uid !== uid) throw orderNotFound();
    if (earlier !== undefined) return repriceEarlier(context, call, { earlier, order, amount, commit });
    checkPayable(order);
    if (order.amount !== amount) throw payAmountMismatch();
    let taken: Taken | undefined;
    const answer = await commit(async (own) => {
      if (amount !== 0) return { id: await insertOnce(context, own, { request, order }) };
      return inTransaction(context, own, async (tx) => {
        const id = await insertOnce(context, tx, { request, order });
        taken = await settleFree(context, tx, id);
        return { id };
      });
    });
    context.metrics.created(amount);
    if (taken !== undefined) await afterFree(context, taken);
    return answer;
  });
}

interface Repricing {
  readonly earlier: PayRow;
  readonly order: DetailResponse;
  readonly amount: number;
  readonly commit: CommitEffect<CreateResponse>;
}

/**
 * The second payment of an order is refused, unless the order costs something else by now: then the first, if
 * nobody can pay the old amount any more, is given the new one.
 */
async function repriceEarlier(
  context: ServiceContext,
  call: Call,
  asked: Repricing,
): Promise<CreateResponse> {
  const { earlier, order, amount, commit } = asked;
  const isWanted = isPayable(order) && order.amount === amount && earlier.amount !== amount;
  if (!isWanted || earlier.status !== PAY_STATUS.created) throw payExists();
  if (!(await shutOpen(context, call, earlier.id))) throw payClosing();
  let taken: Taken | undefined;
  const answer = await commit(async (own) => {
    taken = await inTransaction(context, own, (tx) => {
      const act = { tx, operation: METHOD, payId: earlier.id };
      return actOnPay(context, call, act, () => reprice(context, tx, earlier, { amount, order }));
    });
    return { id: earlier.id };
  });
  if (taken !== undefined) await afterFree(context, taken);
  return answer;
}

async function insertOnce(
  context: ServiceContext,
  tx: Transaction | undefined,
  { request, order }: { readonly request: CreateRequest; readonly order: DetailResponse },
): Promise<number> {
  const { uid, oid, amount } = request;
  const expireTime = payEnd(context, order);
  try {
    const row = { uid, oid, amount, source: PAY_SOURCE.none, status: PAY_STATUS.created, expireTime };
    return await context.payModel.insert(row, tx);
  } catch (error) {
    if (error instanceof DuplicateKeyError) throw payExists();
    throw error;
  }
}
