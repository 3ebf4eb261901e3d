import { stateName } from "@mall/kit/states";
import { type RawRow, readPages, type Snapshot } from "@mall/kit/store";
import { ATTEMPT_STATE } from "../attempt-state.ts";
import { PAY_STATUS } from "../pay-state.ts";
import { isOfSuccess, REFUND_CAUSE, REFUND_STATE } from "../refund-state.ts";
import type { Report } from "./difference.ts";
import { STATES_WITH_MONEY } from "./expected-entry.ts";

/** How many ids are listed; the others are only counted. */
const NAMED_MAX = 10;

/** What was found while all payments were looked at. */
export interface PaymentsSeen {
  payments: number;
  /** Paid ones that a process without books made paid. */
  unbooked: number;
  /** The first of these. */
  readonly unbookedIds: number[];
}

const PAYMENTS =
  "SELECT id, status, paid_time AS paidTime, refunded_amount AS refunded, refunding_amount AS refunding " +
  "FROM pay WHERE id > ?";

const ATTEMPTS =
  "SELECT id, pay_id AS payId, state, received_amount AS received, success_of AS successOf FROM pay_attempt " +
  `WHERE pay_id BETWEEN ? AND ? AND (state IN (${STATES_WITH_MONEY.join(", ")}) OR success_of IS NOT NULL)`;

/** Those whose money came back first go out once more. */
const REFUNDS =
  "SELECT pay_id AS payId, attempt_id AS attemptId, cause, state, SUM(amount) AS amount FROM pay_refund " +
  `WHERE pay_id BETWEEN ? AND ? AND cause <> '${REFUND_CAUSE.returned}' GROUP BY pay_id, attempt_id, cause, state`;

/** A payment with its money. */
interface Money {
  readonly id: number;
  readonly status: number;
  readonly hasTime: boolean;
  readonly refunded: number;
  readonly refunding: number;
  /** The attempts that have money, or say that they are the success. */
  readonly attempts: readonly AttemptMoney[];
  readonly refunds: readonly RefundMoney[];
}

interface AttemptMoney {
  readonly id: number;
  readonly state: number;
  readonly received: number;
  readonly successOf: number | undefined;
}

/** Refunds of an attempt that are alike, added up. */
interface RefundMoney {
  readonly attemptId: number;
  readonly ofSuccess: boolean;
  readonly state: number;
  readonly amount: number;
}

/** Compares the state and amounts of every payment behind `from` with its attempts and refunds. */
export async function checkPayments(snapshot: Snapshot, report: Report, from = 0): Promise<PaymentsSeen> {
  const seen: PaymentsSeen = { payments: 0, unbooked: 0, unbookedIds: [] };
  for await (const rows of readPages(snapshot, { sql: PAYMENTS, key: "id", from })) {
    seen.payments += rows.length;
    for (const money of await moneyOf(snapshot, rows)) {
      const success = money.attempts.find(({ state }) => state === ATTEMPT_STATE.succeeded);
      if (success === undefined && money.status === PAY_STATUS.paid && !money.hasTime) {
        seen.unbooked += 1;
        if (seen.unbookedIds.length < NAMED_MAX) seen.unbookedIds.push(money.id);
      } else checkState(money, success, report);
      checkRefundSums(money, report);
      checkSuccessMarks(money, report);
      checkNothingKept(money, report);
    }
  }
  return seen;
}

async function moneyOf(snapshot: Snapshot, rows: readonly RawRow[]): Promise<Money[]> {
  const parameters = [Number(rows[0]?.id), Number(rows.at(-1)?.id)];
  const byPay = (found: readonly RawRow[]) => Map.groupBy(found, ({ payId }) => Number(payId));
  const attempts = byPay(await snapshot.read({ sql: ATTEMPTS, parameters }));
  const refunds = byPay(await snapshot.read({ sql: REFUNDS, parameters }));
  return rows.map((row) => {
    const id = Number(row.id);
    return {
      id,
      status: Number(row.status),
      hasTime: row.paidTime !== null,
      refunded: Number(row.refunded),
      refunding: Number(row.refunding),
      attempts: (attempts.get(id) ?? []).map(toAttempt),
      refunds: (refunds.get(id) ?? []).map(toRefund),
    };
  });
}

function toAttempt({ id, state, received, successOf }: RawRow): AttemptMoney {
  const success = successOf === null ? undefined : Number(successOf);
  return { id: Number(id), state: Number(state), received: Number(received), successOf: success };
}

function toRefund({ attemptId, cause, state, amount }: RawRow): RefundMoney {
  const ofSuccess = isOfSuccess(String(cause));
  return { attemptId: Number(attemptId), ofSuccess, state: Number(state), amount: Number(amount) };
}

/** What is said by `status` must be true of the money. */
function checkState(money: Money, success: AttemptMoney | undefined, report: Report): void {
  const { id, status, refunded } = money;
  const should = stateOf(money, success);
  if (should.includes(status)) return;
  const what =
    success === undefined
      ? "none of its attempts is its success"
      : `attempt ${success.id} brought ${success.received}, of which ${refunded} went back`;
  const held = money.attempts
    .filter(({ state }) => state === ATTEMPT_STATE.held)
    .map((attempt) => attempt.id);
  const heldText = held.length === 0 ? "none is held" : `held: attempt ${held.join(", ")}`;
  report({
    kind: "STATE",
    text: `payment ${id} is ${stateName(PAY_STATUS, status)}, but ${what}; ${heldText}`,
  });
}

function stateOf({ attempts, refunded }: Money, success: AttemptMoney | undefined): readonly number[] {
  const held = attempts.filter(({ state }) => state === ATTEMPT_STATE.held).length;
  if (success === undefined) {
    if (held === 0) return [PAY_STATUS.created, PAY_STATUS.closed];
    return held === 1 ? [PAY_STATUS.held] : [];
  }
  if (held > 0) return [];
  // Nothing may have gone back of nothing.
  if (success.received === 0) return [PAY_STATUS.paid, PAY_STATUS.refunded];
  if (refunded === 0) return [PAY_STATUS.paid];
  return [refunded < success.received ? PAY_STATUS.partlyRefunded : PAY_STATUS.refunded];
}

/** What went back, and what waits to, of the success. */
function checkRefundSums({ id, attempts, refunds, refunded, refunding }: Money, report: Report): void {
  const ofSuccess = refunds.filter((refund) => refund.ofSuccess);
  const made = sum(ofSuccess.filter(({ state }) => state === REFUND_STATE.succeeded));
  const waiting = sum(ofSuccess.filter(({ state }) => isWaiting(state)));
  if (made !== refunded || waiting !== refunding) {
    const says = `payment ${id} says that ${refunded} went back and ${refunding} is reserved`;
    report({ kind: "REFUND_SUM", text: `${says}; its refunds say ${made} and ${waiting}` });
  }
  const success = attempts.find(({ state }) => state === ATTEMPT_STATE.succeeded);
  const most = success?.received ?? 0;
  if (made + waiting > most) {
    const text = `payment ${id} got ${most}, and its refunds come to ${made + waiting}`;
    report({ kind: "REFUND_EXCEEDS", text });
  }
  for (const { attemptId, amount } of ofSuccess.filter(({ attemptId }) => attemptId !== success?.id)) {
    const text = `refunds of ${amount} in payment ${id} are of attempt ${attemptId}, which is not its success`;
    report({ kind: "STATE", text });
  }
}

/** The unique index on success_of counts only where it says what `state` says. */
function checkSuccessMarks({ id, attempts }: Money, report: Report): void {
  for (const attempt of attempts) {
    const should = attempt.state === ATTEMPT_STATE.succeeded ? id : undefined;
    if (attempt.successOf === should) continue;
    const is = attempt.successOf ?? "nothing";
    const text = `attempt ${attempt.id} of payment ${id}, in state ${attempt.state}, says success of ${is}`;
    report({ kind: "STATE", text });
  }
}

/** Money beside the success goes back, all of it and no more. */
function checkNothingKept({ id, attempts, refunds }: Money, report: Report): void {
  for (const attempt of attempts) {
    const backs = refunds.filter((refund) => refund.attemptId === attempt.id && !refund.ofSuccess);
    const back = sum(backs.filter(({ state }) => state === REFUND_STATE.succeeded || isWaiting(state)));
    const should = attempt.state === ATTEMPT_STATE.surplus ? attempt.received : 0;
    if (back === should) continue;
    const kind = back < should ? "MONEY_KEPT" : "REFUND_EXCEEDS";
    const text = `attempt ${attempt.id} of payment ${id} has ${should} to give back, and refunds of ${back}`;
    report({ kind, text });
  }
}

function isWaiting(state: number): boolean {
  return state !== REFUND_STATE.succeeded && state !== REFUND_STATE.failed;
}

function sum(refunds: readonly RefundMoney[]): number {
  return refunds.reduce((total, { amount }) => total + amount, 0);
}
