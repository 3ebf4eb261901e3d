import { ORDER_STATUS } from "@mall/order/model/order-state";
import { ATTEMPT_STATE } from "@mall/pay/model/attempt-state";
import { mayRefund, PAY_STATUS } from "@mall/pay/model/pay-state";
import { REFUND_CAUSE, REFUND_STATE } from "@mall/pay/model/refund-state";
import { type Finding, type FindingKind, found, since, stateName } from "./finding.ts";
import { judgeAttempts, judgeRefunds } from "./judge-attempts.ts";
import { type AttemptFacts, type PayFile, TELLING_JOBS } from "./pay-file.ts";
import { isYoung, type Moment } from "./verification.ts";

/**
 * What of a payment does not fit its order, its attempts and its refunds. Whether it fits its own books is told by
 * these.
 */
export function judgePay(file: PayFile, moment: Moment): Finding[] {
  const success = file.attempts.find(({ state }) => state === ATTEMPT_STATE.succeeded);
  return [
    ...judgeTold(file, success, moment),
    ...judgeAmounts(file, success),
    ...judgeOwner(file),
    ...judgeSuccesses(file),
    ...judgeEnd(file, moment),
    ...judgeAttempts(file, moment),
    ...judgeRefunds(file),
  ];
}

/** The order's state is what its money says, or a job is about to see to that. */
function judgeTold(file: PayFile, success: AttemptFacts | undefined, moment: Moment): Finding[] {
  const { status, order } = file;
  const isPaid = mayRefund(status);
  const back = file.refunded + file.refunding;
  // Of nothing, which a payment of amount 0 is paid with, nothing can be on its way back.
  const isGoingBack = isPaid && back > 0 && back === came(file, success);
  if (isPaid && !isGoingBack && order?.status !== ORDER_STATUS.paid) return [unheard(file, success, moment)];
  if (isGoingBack && order?.status === ORDER_STATUS.paid) return goesBack(file, moment);
  if (order === undefined) return [];
  if (status === PAY_STATUS.refunded) return afterRefund(file, order.status);
  if (order.status === ORDER_STATUS.refunded) {
    return [difference(file, "REFUNDED_EARLY", `${orderText(file)}, but ${payText(file)}`)];
  }
  if (order.status === ORDER_STATUS.paid && !isPaid) {
    return [difference(file, "ORDER_WITHOUT_MONEY", `${orderText(file)}, but ${payText(file)}`)];
  }
  if (status === PAY_STATUS.closed && order.status === ORDER_STATUS.unpaid) {
    return [
      told(file, "CLOSED_UNHEARD", { job: TELLING_JOBS.cancel, text: `closed, but ${orderText(file)}` }),
    ];
  }
  return [];
}

/** What came for the success; a Go process writes no attempt, and what the payment says is believed. */
function came({ amount }: PayFile, success: AttemptFacts | undefined): number {
  return success?.received ?? amount;
}

function unheard(file: PayFile, success: AttemptFacts | undefined, moment: Moment): Finding {
  const by =
    success === undefined
      ? "by a process without attempts"
      : `by attempt ${success.id} (${success.outTradeNo})`;
  const back = file.refunded + file.refunding;
  const refunded = back === 0 ? "nothing goes back" : `only ${back} goes back`;
  const text = `${came(file, success)} ${file.currency} came ${by}, but ${orderText(file)}, and ${refunded}`;
  const isInBetween = isYoung(moment, file.paidTime);
  return told(file, "PAID_UNHEARD", {
    job: TELLING_JOBS.paid,
    text: `${text}${since(file.paidTime)}`,
    isInBetween,
  });
}

/** Money of an order that cannot be had goes back; the order may still be brought back by a try from before. */
function goesBack(file: PayFile, moment: Moment): Finding[] {
  return file.refunds
    .filter(({ cause, state }) => cause === REFUND_CAUSE.orderGone && state !== REFUND_STATE.failed)
    .map(({ id, amount, createTime }) =>
      found("PAID_GOES_BACK", {
        text: `${nameOf(file)}: refund ${id} gives ${amount} back as the order is gone, but it is paid${since(createTime)}`,
        rows: { ...rowsOf(file), refund: id },
        isUnderWay: isYoung(moment, createTime),
      }),
    );
}

function afterRefund(file: PayFile, status: number): Finding[] {
  if (status === ORDER_STATUS.refunded || status === ORDER_STATUS.removed) return [];
  const text = `all ${file.refunded} ${file.currency} went back, but ${orderText(file)}`;
  return [told(file, "REFUND_UNHEARD", { job: TELLING_JOBS.refunded, text })];
}

/** Nobody pays another amount than what the order costs, unless somebody has accepted it. */
function judgeAmounts(file: PayFile, success: AttemptFacts | undefined): Finding[] {
  const { order, amount, currency } = file;
  if (!mayRefund(file.status) || order?.status !== ORDER_STATUS.paid || success?.isAccepted === true)
    return [];
  const isRight =
    order.amount === amount &&
    came(file, success) === amount &&
    (success === undefined || (success.amount === amount && success.receivedCurrency === currency));
  if (isRight) return [];
  const asked =
    success === undefined
      ? ""
      : `, attempt ${success.id} asked for ${success.amount} and got ${success.received} ${success.receivedCurrency}`;
  return [
    difference(file, "AMOUNT", `the order costs ${order.amount}, the payment ${amount} ${currency}${asked}`),
  ];
}

function judgeOwner(file: PayFile): Finding[] {
  if (file.order === undefined || file.order.uid === file.uid) return [];
  return [
    difference(file, "OWNER", `the payment is of user ${file.uid}, the order of user ${file.order.uid}`),
  ];
}

function judgeSuccesses(file: PayFile): Finding[] {
  const successes = file.attempts.filter(({ state }) => state === ATTEMPT_STATE.succeeded);
  if (successes.length < 2) return [];
  const texts = successes.map(({ id, outTradeNo }) => `attempt ${id} (${outTradeNo})`);
  return [difference(file, "SUCCESS_TWICE", `paid by ${texts.join(" and ")}`)];
}

/** A payment at its end is closed with its last attempt. */
function judgeEnd(file: PayFile, moment: Moment): Finding[] {
  const { status, expireTime, attempts } = file;
  const isDue = expireTime !== undefined && expireTime.getTime() <= moment.now;
  if (status !== PAY_STATUS.created || !isDue || attempts.some(({ isOpen }) => isOpen)) return [];
  return [
    found("PAY_OVERDUE", {
      text: `${nameOf(file)}: unpaid and not closed${since(expireTime)}`,
      rows: rowsOf(file),
      isUnderWay: isYoung(moment, expireTime),
    }),
  ];
}

/** A difference unless a job is about to see to it. */
function told(
  file: PayFile,
  kind: FindingKind,
  { job, text, isInBetween = false }: { job: string; text: string; isInBetween?: boolean },
): Finding {
  const jobs = file.telling.filter((each) => each.kind === job);
  const dead = jobs.find(({ isDead }) => isDead);
  const isWaiting = jobs.some(({ isDead }) => !isDead);
  const more = dead === undefined || isWaiting ? "" : `; job ${dead.id} (${job}) is dead`;
  const isUnderWay = isWaiting || isInBetween;
  return found(kind, { text: `${nameOf(file)}: ${text}${more}`, rows: rowsOf(file), isUnderWay });
}

function difference(file: PayFile, kind: FindingKind, text: string): Finding {
  return found(kind, { text: `${nameOf(file)}: ${text}`, rows: rowsOf(file) });
}

function nameOf({ id, oid }: PayFile): string {
  return `pay ${id}, order ${oid}`;
}

function rowsOf({ id, oid }: PayFile) {
  return { pay: id, order: oid };
}

function payText({ status }: PayFile): string {
  return `its payment is ${stateName(PAY_STATUS, status)}`;
}

function orderText({ order }: PayFile): string {
  return order === undefined
    ? "its order is not there"
    : `the order is ${stateName(ORDER_STATUS, order.status)}`;
}
