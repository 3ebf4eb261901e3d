import type { AttemptRow, Books, PayRow, RefundRow } from "./books.ts";
import { ATTEMPT, hasMoney, isReturned, isUnderWay, ORDER, PAY, REFUND } from "./states.ts";
import { Violation } from "./violation.ts";

/** An order has one payment, and a payment one success. */
export function checkOneSuccess({ pays, attempts }: Books): void {
  const seen = new Set<number>();
  for (const { id, oid } of pays) {
    if (seen.has(oid)) {
      throw new Violation("one payment per order", `payment ${id} is another one of order ${oid}`);
    }
    seen.add(oid);
    const successes = attempts.filter(({ payId, state }) => payId === id && state === ATTEMPT.succeeded);
    if (successes.length > 1) {
      const numbers = successes.map(({ outTradeNo }) => outTradeNo).join(", ");
      throw new Violation("one success", `payment ${id} has ${numbers}`);
    }
  }
}

/** A success is what was asked for, or what staff have accepted. */
export function checkAmounts({ attempts }: Books, accepted: ReadonlySet<number>): void {
  for (const { outTradeNo, payId, state, amount, currency, received, receivedCurrency } of attempts) {
    if (state !== ATTEMPT.succeeded || (received === amount && receivedCurrency === currency)) continue;
    if (accepted.has(payId) && receivedCurrency === currency) continue;
    const got = `${received} ${receivedCurrency}`;
    throw new Violation(
      "amounts",
      `${outTradeNo} asked for ${amount} ${currency} and is content with ${got}`,
    );
  }
}

/** Never more goes back than came, and what a payment says of its refunds is what they are. */
export function checkRefunds({ pays, attempts, refunds }: Books): void {
  for (const attempt of attempts) {
    const own = refunds.filter((row) => row.attemptId === attempt.id && !isReturned(row));
    const back = sum(own.filter(({ state }) => state !== REFUND.failed));
    if (back > attempt.received) {
      throw new Violation("refunds", `${attempt.outTradeNo} got ${attempt.received}, and ${back} go back`);
    }
    if (attempt.state === ATTEMPT.succeeded) checkRefundSums(payOf(pays, attempt), own);
  }
}

function checkRefundSums({ id, refunded, refunding }: PayRow, own: readonly RefundRow[]): void {
  const done = sum(own.filter(({ state }) => state === REFUND.succeeded));
  const underWay = sum(own.filter(({ state }) => isUnderWay(state)));
  if (refunded !== done || refunding !== underWay) {
    const says = `says ${refunded} back and ${refunding} on the way`;
    throw new Violation("refunds", `payment ${id} ${says}, its refunds ${done} and ${underWay}`);
  }
}

/** A payment is in the state that its money is in. */
export function checkPayStates({ pays, attempts }: Books): void {
  for (const { id, status, refunded } of pays) {
    const own = attempts.filter(({ payId }) => payId === id);
    const success = own.find(({ state }) => state === ATTEMPT.succeeded);
    const expected = success === undefined ? [] : statesOfSuccess(success.received, refunded);
    const isHeld = own.some(({ state }) => state === ATTEMPT.held);
    const fits = success === undefined ? isWithoutSuccess(status, isHeld) : expected.includes(status);
    if (!fits) {
      const should = expected.join(" or ");
      throw new Violation("payment states", `payment ${id} is in state ${status}, its success ${should}`);
    }
  }
}

function statesOfSuccess(received: number, refunded: number): readonly number[] {
  // Nothing may have gone back of nothing.
  if (received === 0) return [PAY.paid, PAY.refunded];
  if (refunded === 0) return [PAY.paid];
  return [refunded === received ? PAY.refunded : PAY.partlyRefunded];
}

function isWithoutSuccess(status: number, isHeld: boolean): boolean {
  return isHeld ? status === PAY.held : status === PAY.created || status === PAY.closed;
}

/** In the end every success has its order paid, or its money is back or on the way there. */
export function checkPaidTogether({ orders, pays, attempts, refunds }: Books): void {
  for (const { id, status, amount } of orders) {
    const pay = pays.find(({ oid }) => oid === id);
    const isPaid = pay?.status === PAY.paid || pay?.status === PAY.partlyRefunded;
    if (status === ORDER.paid && !isPaid) {
      throw new Violation("paid together", `order ${id} is paid, its payment in state ${pay?.status}`);
    }
    if (status === ORDER.paid && pay !== undefined && pay.amount !== amount) {
      throw new Violation(
        "paid together",
        `order ${id} of ${amount} is paid by payment ${pay.id} of ${pay.amount}`,
      );
    }
    const isGone = refunds.some(({ payId, cause }) => payId === pay?.id && cause === "order_gone");
    if (status === ORDER.paid && isGone) {
      throw new Violation("paid together", `order ${id} is paid, its money goes back as it cannot be had`);
    }
    if (isPaid && status !== ORDER.paid && !goesBack(pay, attempts)) {
      throw new Violation(
        "paid together",
        `payment ${pay.id} is paid and stays so, its order is in state ${status}`,
      );
    }
    if (pay?.status === PAY.refunded && status !== ORDER.refunded && status !== ORDER.removed) {
      throw new Violation("paid together", `payment ${pay.id} went back, its order is in state ${status}`);
    }
  }
}

/** Whether all that is left of a success is on its way back; a refund that ends without success must put that right. */
function goesBack(pay: PayRow, attempts: readonly AttemptRow[]): boolean {
  const success = attempts.find(({ payId, state }) => payId === pay.id && state === ATTEMPT.succeeded);
  return success !== undefined && success.received > 0 && pay.refunded + pay.refunding === success.received;
}

/** In the end money that is nobody's success has gone back, or waits for somebody. */
export function checkNothingKept({ attempts, refunds }: Books): void {
  for (const attempt of attempts) {
    if (!hasMoney(attempt.state) || attempt.state !== ATTEMPT.surplus) continue;
    const own = refunds.filter((row) => row.attemptId === attempt.id && !isReturned(row));
    const back = sum(own.filter(({ state }) => state !== REFUND.failed));
    if (back !== attempt.received) {
      throw new Violation("nothing kept", `${attempt.outTradeNo} got ${attempt.received}, ${back} go back`);
    }
  }
}

function payOf(pays: readonly PayRow[], { payId, outTradeNo }: AttemptRow): PayRow {
  const pay = pays.find(({ id }) => id === payId);
  if (pay === undefined) throw new Violation("refunds", `attempt ${outTradeNo} is of no payment`);
  return pay;
}

function sum(refunds: readonly RefundRow[]): number {
  return refunds.reduce((total, { amount }) => total + amount, 0);
}
