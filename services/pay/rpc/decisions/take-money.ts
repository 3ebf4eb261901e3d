import type { JobTicket } from "@mall/kit/jobs";
import type { Transaction } from "@mall/kit/store";
import { ATTEMPT_STATE, hasMoney } from "../../model/attempt-state.ts";
import { ACCOUNT } from "../../model/ledger-model.ts";
import type { PayAttemptRow } from "../../model/pay-attempt-model.ts";
import type { PayRow } from "../../model/pay-model.ts";
import { payMoved } from "../../model/pay-state.ts";
import { REFUND_CAUSE } from "../../model/refund-state.ts";
import type { ServiceContext } from "../context.ts";
import { prepaySuperseded } from "../errors.ts";
import { wholeSeconds } from "../times.ts";
import { bookReceipt } from "./book-receipt.ts";
import { mustMove } from "./must-move.ts";
import { settlePrepay } from "./record-prepay.ts";
import { returnMoney } from "./return-money.ts";

/** What came for an attempt, in minor units. */
export interface Receipt {
  /** The channel's number of the trade. */
  readonly tradeNo: string;
  readonly amount: number;
  readonly currency: string;
  /** What the channel keeps of it. */
  readonly fee: number;
}

/** What became of money: `known` had been taken before. */
export interface Taken {
  readonly outcome: "paid" | "surplus" | "held" | "known";
  /** Of the attempt: what the payment says of a success. */
  readonly source: number;
  /** What came. */
  readonly amount: number;
  /** The order's hearing of a success. */
  readonly told?: JobTicket;
}

/** A payment, locked by the transaction that decides, and one of its attempts. */
export interface Subject {
  readonly pay: PayRow;
  readonly attempt: PayAttemptRow;
}

/**
 * Decides about money that came, whoever says so (notification, query, callback): the payment's one success;
 * surplus, which goes back by itself; or money that does not match, which is held until somebody decides. What is
 * decided once stays so.
 */
export async function takeMoney(
  context: ServiceContext,
  tx: Transaction,
  subject: Subject,
  receipt: Receipt,
): Promise<Taken> {
  const { pay, attempt } = subject;
  const taken = { source: attempt.source, amount: receipt.amount };
  if (hasMoney(attempt.state)) return { ...taken, outcome: "known" };
  await settlePrepay(context, tx, attempt, { error: prepaySuperseded() });
  const matches = receipt.amount === attempt.amount && receipt.currency === attempt.currency;
  const isWanted = payMoved(pay.status, matches ? "succeed" : "hold") !== undefined;
  if (!isWanted) return { ...taken, ...(await takeSurplus(context, tx, subject, receipt)) };
  return { ...taken, ...(await (matches ? takeSuccess : hold)(context, tx, subject, receipt)) };
}

type Decided = Pick<Taken, "outcome" | "told">;

async function takeSuccess(
  context: ServiceContext,
  tx: Transaction,
  subject: Subject,
  receipt: Receipt,
): Promise<Decided> {
  const { pay, attempt } = subject;
  const { payModel, attemptModel, runtime, jobs } = context;
  await mustMove(attemptModel.move(tx, attempt, "succeed", { ...received(receipt), successOf: pay.id }));
  const paidTime = wholeSeconds(runtime.now());
  await mustMove(payModel.move(tx, pay, "succeed", { source: attempt.source, paidTime, heldReason: "" }));
  await bookReceipt(context, tx, subject, { receipt, account: ACCOUNT.sales });
  await returnHeld(context, tx, pay);
  await closeOthers(context, tx, subject);
  return { outcome: "paid", told: await jobs.orderPaid(tx, pay.id) };
}

async function takeSurplus(
  context: ServiceContext,
  tx: Transaction,
  subject: Subject,
  receipt: Receipt,
): Promise<Decided> {
  await mustMove(context.attemptModel.move(tx, subject.attempt, "returnMoney", received(receipt)));
  await bookReceipt(context, tx, subject, { receipt, account: ACCOUNT.suspense });
  await returnMoney(context, tx, { ...subject.attempt, ...received(receipt) }, REFUND_CAUSE.surplus);
  return { outcome: "surplus" };
}

async function hold(
  context: ServiceContext,
  tx: Transaction,
  subject: Subject,
  receipt: Receipt,
): Promise<Decided> {
  const { pay, attempt } = subject;
  const heldReason = receipt.currency === attempt.currency ? "AMOUNT_MISMATCH" : "CURRENCY_MISMATCH";
  await mustMove(context.attemptModel.move(tx, attempt, "hold", received(receipt)));
  await mustMove(context.payModel.move(tx, pay, "hold", { heldReason }));
  await bookReceipt(context, tx, subject, { receipt, account: ACCOUNT.suspense });
  await closeOthers(context, tx, subject);
  return { outcome: "held" };
}

/** Nobody is to pay twice: what else is open is closed at its channel. */
async function closeOthers(
  { attemptModel, jobs }: ServiceContext,
  tx: Transaction,
  { pay, attempt }: Subject,
): Promise<void> {
  const open = await attemptModel.findOpen(pay.id, tx);
  for (const { id } of open.filter(({ id }) => id !== attempt.id)) await jobs.closeAttempt(tx, id);
}

/** What was held is not needed once the right money has come. */
async function returnHeld(context: ServiceContext, tx: Transaction, pay: PayRow): Promise<void> {
  const attempts = await context.attemptModel.findByPay(pay.id, tx);
  for (const attempt of attempts.filter(({ state }) => state === ATTEMPT_STATE.held)) {
    await mustMove(context.attemptModel.move(tx, attempt, "returnMoney"));
    await returnMoney(context, tx, attempt, REFUND_CAUSE.surplus);
  }
}

function received({ tradeNo, amount, currency, fee }: Receipt) {
  return { channelTradeNo: tradeNo, receivedAmount: amount, receivedCurrency: currency, fee };
}
