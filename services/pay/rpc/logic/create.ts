import { settleInOrder } from "@mall/kit/async";
import type { Call } from "@mall/kit/call";
import type { Commit, Committed, Outcome } from "@mall/kit/idempotency";
import { refuseDuplicate, type Transaction } from "@mall/kit/store";
import type { DetailResponse } from "@mall/order/rpc";
import { orderNotFound } from "@mall/order/rpc/errors";
import { shutOpen } from "../../attempt/shut-open.ts";
import { PAY_SOURCE } from "../../channels/pay-source.ts";
import { actOnPay } from "../../intent/act-on-pay.ts";
import { checkPayable, isPayable, payEnd } from "../../intent/payable.ts";
import { reprice } from "../../intent/reprice.ts";
import { settleFree } from "../../intent/settle-free.ts";
import type { PayRow } from "../../model/pay-model.ts";
import { PAY_STATUS } from "../../model/pay-state.ts";
import { afterTaken } from "../../receipt/receipt.ts";
import type { ServiceContext } from "../context.ts";
import { payAmountMismatch, payClosing, payExists } from "../errors.ts";
import type { CreateRequest, CreateResponse } from "../gen/pay.ts";

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
  return context.idempotency.once<CreateResponse>(call, request, async (commit) => {
    const [[, order], earlier] = await settleInOrder(
      settleInOrder(context.knownUsers.demand(call, uid), context.orderRpc.detail(call, { id: oid })),
      context.payModel.findOneByOid(oid),
    );
    if (order.uid !== uid) throw orderNotFound();
    if (earlier !== undefined) return repriceEarlier(context, call, { earlier, order, amount, commit });
    checkPayable(order);
    if (order.amount !== amount) throw payAmountMismatch();
    const opening = { request, order };
    return amount === 0
      ? commit.transaction((tx) => openFree(context, tx, opening))
      : commit.statement((tx) => openUnpaid(context, tx, opening));
  });
}

interface Opening {
  readonly request: CreateRequest;
  readonly order: DetailResponse;
}

async function openUnpaid(
  context: ServiceContext,
  tx: Transaction | undefined,
  opening: Opening,
): Promise<Outcome<CreateResponse>> {
  const { amount } = opening.request;
  const id = await insertOnce(context, tx, opening);
  return { answer: { id }, after: () => context.metrics.created({ amount, currency: context.currency }) };
}

async function openFree(
  context: ServiceContext,
  tx: Transaction,
  opening: Opening,
): Promise<Outcome<CreateResponse>> {
  const id = await insertOnce(context, tx, opening);
  const taken = await settleFree(context, tx, id);
  const after = async (): Promise<void> => {
    context.metrics.created({ amount: 0, currency: context.currency });
    await afterTaken(context, taken);
  };
  return { answer: { id }, after };
}

interface Repricing {
  readonly earlier: PayRow;
  readonly order: DetailResponse;
  readonly amount: number;
  readonly commit: Commit<CreateResponse>;
}

/**
 * The second payment of an order is refused, unless the order costs something else by now: then the first, if
 * nobody can pay the old amount any more, is given the new one.
 */
async function repriceEarlier(
  context: ServiceContext,
  call: Call,
  asked: Repricing,
): Promise<Committed<CreateResponse>> {
  const { earlier, order, amount, commit } = asked;
  const isWanted = isPayable(order) && order.amount === amount && earlier.amount !== amount;
  if (!isWanted || earlier.status !== PAY_STATUS.created) throw payExists();
  if (!(await shutOpen(context, call, earlier.id))) throw payClosing();
  return commit.transaction(async (tx) => {
    const act = { tx, payId: earlier.id };
    const taken = await actOnPay(context, call, act, () => reprice(context, tx, earlier, { amount, order }));
    return { answer: { id: earlier.id }, after: taken && (() => afterTaken(context, taken)) };
  });
}

function insertOnce(
  context: ServiceContext,
  tx: Transaction | undefined,
  { request: { uid, oid, amount }, order }: Opening,
): Promise<number> {
  const { currency, payModel } = context;
  const state = { source: PAY_SOURCE.none, status: PAY_STATUS.created };
  const row = { uid, oid, amount, currency, expireTime: payEnd(context, order), ...state };
  return refuseDuplicate(payModel.insert(row, tx), payExists);
}
