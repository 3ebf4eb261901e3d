import { wholeSeconds } from "@mall/kit/runtime";
import type { RowTransaction } from "@mall/kit/store";
import { moveAttempt } from "../attempt/move-attempt.ts";
import { settlePrepay } from "../attempt/record-prepay.ts";
import { mustMove, type Paid } from "../intent/lock.ts";
import { ATTEMPT_STATE, hasMoney, isOpen } from "../model/attempt-state.ts";
import { ACCOUNT } from "../model/ledger-model.ts";
import type { PayAttempt, PayAttemptRow } from "../model/pay-attempt-model.ts";
import type { PayRow } from "../model/pay-model.ts";
import { HELD_REASON, type HeldReason, payMoved } from "../model/pay-state.ts";
import { REFUND_CAUSE } from "../model/refund-state.ts";
import { returnMoney } from "../refund/begin-refund.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { prepaySuperseded } from "../rpc/errors.ts";
import type { Occasion } from "../rpc/pay-jobs.ts";
import { bookReceipt, type Receipt, type Taken } from "./receipt.ts";

/**
 * Decides about money that came, whoever says so (notification, query, callback): the payment's one success;
 * surplus, which goes back by itself; or money that does not match, which is held until somebody decides. What is
 * decided once stays so.
 */
export async function takeMoney(
  context: ServiceContext,
  tx: RowTransaction,
  paid: Paid,
  receipt: Receipt,
): Promise<Taken> {
  const { pay, attempt } = paid;
  const taken = { source: attempt.source, amount: receipt.amount, currency: receipt.currency };
  if (hasMoney(attempt.state)) return { ...taken, outcome: "known" };
  // Nobody has asked a channel for one that is not written down.
  if (attempt.id !== undefined) await settlePrepay(context, tx, attempt, { error: prepaySuperseded() });
  const heldReason = reasonToHold(paid, receipt);
  const isWanted = payMoved(pay.status, heldReason === undefined ? "succeed" : "hold") !== undefined;
  if (!isWanted) return { ...taken, ...(await takeSurplus(context, tx, paid, receipt)) };
  if (heldReason === undefined) return { ...taken, ...(await takeSuccess(context, tx, paid, receipt)) };
  await hold(context, tx, paid, { ...receipt, heldReason });
  return { ...taken, outcome: "held", heldReason };
}

type Decided = Pick<Taken, "outcome" | "told">;

/** A payment may have been given another amount after the attempt was opened. */
function reasonToHold({ pay, attempt }: Paid, receipt: Receipt): HeldReason | undefined {
  if (receipt.currency !== attempt.currency) return HELD_REASON.currency;
  const matches = receipt.amount === attempt.amount && receipt.amount === pay.amount;
  return matches ? receipt.objection : HELD_REASON.amount;
}

async function takeSuccess(
  context: ServiceContext,
  tx: RowTransaction,
  paid: Paid,
  receipt: Receipt,
): Promise<Decided> {
  const { pay, others } = paid;
  const { payModel, runtime } = context;
  const changes = { ...received(receipt), successOf: pay.id };
  const attempt = await moveAttempt(context, tx, paid.attempt, { move: "succeed", ...changes });
  const paidTime = wholeSeconds(runtime.now());
  await mustMove(payModel.move(tx, pay, "succeed", { source: attempt.source, paidTime, heldReason: "" }));
  await bookReceipt(context, tx, { pay, attempt }, { receipt, account: ACCOUNT.sales });
  const after = await returnHeld(context, tx, attempt, others);
  await closeOthers(context, tx, others);
  return { outcome: "paid", ...(await settleOrder(context, tx, pay, after)) };
}

/**
 * The order becomes paid in this very transaction where it can. Otherwise, and where it is not as its payment has it,
 * a job tells it, or gives the money back.
 */
async function settleOrder(
  { orders, announcePaid }: ServiceContext,
  tx: RowTransaction,
  { id, oid, amount }: PayRow,
  after: Occasion | undefined,
): Promise<Pick<Taken, "told">> {
  const isPaid = after === undefined && (await orders?.pay(tx, { id: oid, amount })) === true;
  return isPaid ? {} : { told: await announcePaid(tx, id, after) };
}

async function takeSurplus(
  context: ServiceContext,
  tx: RowTransaction,
  paid: Paid,
  receipt: Receipt,
): Promise<Decided> {
  const { pay } = paid;
  const attempt = await moveAttempt(context, tx, paid.attempt, { move: "returnMoney", ...received(receipt) });
  await bookReceipt(context, tx, { pay, attempt }, { receipt, account: ACCOUNT.suspense });
  await returnMoney(context, tx, attempt, REFUND_CAUSE.surplus);
  return { outcome: "surplus" };
}

async function hold(
  context: ServiceContext,
  tx: RowTransaction,
  paid: Paid,
  receipt: Receipt & { readonly heldReason: HeldReason },
): Promise<void> {
  const { pay, others } = paid;
  const { heldReason } = receipt;
  const changes = { ...received(receipt), heldReason };
  const attempt = await moveAttempt(context, tx, paid.attempt, { move: "hold", ...changes });
  await mustMove(context.payModel.move(tx, pay, "hold", { heldReason }));
  await bookReceipt(context, tx, { pay, attempt }, { receipt, account: ACCOUNT.suspense });
  await closeOthers(context, tx, others);
}

/** Nobody is to pay twice: what else is open is closed at its channel. */
async function closeOthers(
  { jobs }: ServiceContext,
  tx: RowTransaction,
  others: readonly PayAttemptRow[],
): Promise<void> {
  for (const other of others.filter(({ state }) => isOpen(state))) await jobs.closeAttempt(tx, other);
}

/**
 * What was held is not needed once the right money has come.
 *
 * @returns why the order is informed once more, if it refused an earlier success.
 */
async function returnHeld(
  context: ServiceContext,
  tx: RowTransaction,
  success: PayAttempt,
  others: readonly PayAttemptRow[],
): Promise<Occasion | undefined> {
  for (const attempt of others.filter(({ state }) => state === ATTEMPT_STATE.held)) {
    await mustMove(context.attemptModel.move(tx, attempt, "returnMoney"));
    await returnMoney(context, tx, attempt, REFUND_CAUSE.surplus);
  }
  const isAnew = others.some(({ heldReason }) => heldReason === HELD_REASON.orderRefused);
  return isAnew ? `success-${success.id}` : undefined;
}

function received({ tradeNo, amount, currency, fee }: Receipt) {
  return { channelTradeNo: tradeNo, receivedAmount: amount, receivedCurrency: currency, fee };
}
