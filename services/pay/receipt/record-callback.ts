import type { RowTransaction } from "@mall/kit/store";
import { CALLBACK_CHANNEL, toldAttempt } from "../attempt/told-attempt.ts";
import { ATTEMPT_STATE, hasMoney } from "../model/attempt-state.ts";
import type { PayAttemptRow } from "../model/pay-attempt-model.ts";
import type { PayRow } from "../model/pay-model.ts";
import { mayRefund, PAY_STATUS } from "../model/pay-state.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { payAmountMismatch } from "../rpc/errors.ts";
import type { CallbackRequest } from "../rpc/gen/pay.ts";
import { type CallbackNeighbours, demandNamed, objectionTo } from "./callback-neighbours.ts";
import type { Taken } from "./receipt.ts";
import { successOf } from "./success-of.ts";
import { takeMoney } from "./take-money.ts";

/** A callback, and what the neighbours say of the user and the order that it names. */
export interface ToldMoney {
  readonly request: CallbackRequest;
  readonly neighbours: CallbackNeighbours;
}

/**
 * Takes money that a callback reports, whatever the sum. A callback has no number of its own: the same sum by the
 * same source is the same money reported again, and changes nothing.
 *
 * @throws AppError NOT_FOUND where it names no payment of ours with its user and order; FAILED_PRECONDITION
 * PAY_AMOUNT_MISMATCH where nothing came for a payment that costs something.
 */
export async function recordCallback(
  context: ServiceContext,
  tx: RowTransaction,
  { request, neighbours }: ToldMoney,
): Promise<Taken> {
  const { id, amount, source } = request;
  const pay = demandNamed(await context.payModel.lockOne(id, tx), request, neighbours);
  const attempts = await context.attemptModel.findByPay(id, tx);
  const success = attempts.find(({ state }) => state === ATTEMPT_STATE.succeeded);
  // Nothing is the same nothing, by whatever source.
  const isSuccess = hadSuccess(pay) && (pay.source === source || amount === 0);
  if (isSuccess && amount === (success?.receivedAmount ?? pay.amount)) {
    return completeSuccess(context, tx, pay);
  }
  const known = attempts.find((attempt) => isSame(attempt, { amount, source }));
  if (known !== undefined) return toldAgain(known);
  if (amount < 1 && amount !== pay.amount) throw payAmountMismatch();
  const attempt = toldAttempt(pay, attempts, { channel: CALLBACK_CHANNEL, source });
  const objection = objectionTo(pay, neighbours);
  const receipt = { tradeNo: "", amount, currency: pay.currency, fee: 0, objection };
  return takeMoney(context, tx, { pay, attempt, others: attempts }, receipt);
}

function hadSuccess({ status }: PayRow): boolean {
  return mayRefund(status) || status === PAY_STATUS.refunded;
}

function isSame(
  { channel, state, receivedAmount, source }: PayAttemptRow,
  told: Pick<CallbackRequest, "amount" | "source">,
): boolean {
  const isTold = channel === CALLBACK_CHANNEL && hasMoney(state);
  return isTold && receivedAmount === told.amount && source === told.source;
}

function toldAgain(attempt: PayAttemptRow): Taken {
  const { source, receivedAmount: amount, receivedCurrency: currency, state, heldReason } = attempt;
  const taken = { outcome: "known", source, amount, currency } as const;
  if (state === ATTEMPT_STATE.held) return { ...taken, known: "held", heldReason };
  return state === ATTEMPT_STATE.surplus ? { ...taken, known: "surplus" } : taken;
}

/** A Go process may have died between its payment and its order; the callback is how it is completed. */
async function completeSuccess(context: ServiceContext, tx: RowTransaction, pay: PayRow): Promise<Taken> {
  const { source, amount, currency } = pay;
  const taken = { outcome: "known", source, amount, currency } as const;
  if (pay.paidTime !== null) return taken;
  await successOf(context, tx, pay);
  return { ...taken, told: await context.announcePaid(tx, pay.id) };
}
