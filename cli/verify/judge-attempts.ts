import { ATTEMPT_STATE } from "@mall/pay/model/attempt-state";
import { PAY_STATUS } from "@mall/pay/model/pay-state";
import { REFUND_STATE } from "@mall/pay/model/refund-state";
import { type Finding, found, since, stateName } from "./finding.ts";
import type { OpenJob } from "./open-jobs.ts";
import type { AttemptFacts, PayFile, RefundFacts } from "./pay-file.ts";
import { isEnding, type Moment } from "./verification.ts";

/** States in which nobody waits for the buyer, but for an answer of the channel. */
const UNDECIDED: readonly number[] = [ATTEMPT_STATE.created, ATTEMPT_STATE.unknown];

/** What is open asks for the right amount, has somebody who sees to its end, and ends. */
export function judgeAttempts(file: PayFile, moment: Moment): Finding[] {
  return file.attempts.filter(({ isOpen }) => isOpen).flatMap((attempt) => judgeOpen(file, attempt, moment));
}

function judgeOpen(file: PayFile, attempt: AttemptFacts, moment: Moment): Finding[] {
  const name = `attempt ${attempt.id} (${attempt.outTradeNo}) of pay ${file.id}`;
  const rows = { attempt: attempt.id, pay: file.id, order: file.oid };
  const is = stateName(ATTEMPT_STATE, attempt.state);
  const findings: Finding[] = [];
  if (attempt.amount !== file.amount || attempt.currency !== file.currency) {
    const asks = `asks for ${attempt.amount} ${attempt.currency}`;
    const text = `${name}: ${asks}, the payment for ${file.amount} ${file.currency}`;
    findings.push(found("ATTEMPT_PRICE", { text, rows }));
  }
  if (file.status === PAY_STATUS.closed) {
    findings.push(found("CLOSED_OPEN", { text: `${name}: ${is}, but its payment is closed`, rows }));
  }
  const unwatched = withoutJob(attempt.jobs);
  if (unwatched !== undefined) {
    findings.push(found("ATTEMPT_UNWATCHED", { text: `${name}: ${is}, and ${unwatched}`, rows }));
  }
  const { expireTime } = attempt;
  const isOver = expireTime !== undefined && expireTime.getTime() <= moment.now;
  const isUndecided = UNDECIDED.includes(attempt.state);
  if (isOver || isUndecided) {
    const isUnderWay = !isOver || isEnding(moment, expireTime);
    const text = `${name}: ${is}${isOver ? since(expireTime) : ""}`;
    findings.push(found("ATTEMPT_OVERDUE", { text, rows, isUnderWay }));
  }
  return findings;
}

/** What a channel is to give back has somebody who sees to it; by hand, that is an operator. */
export function judgeRefunds(file: PayFile): Finding[] {
  return file.refunds
    .filter(({ state }) => state === REFUND_STATE.reserved || state === REFUND_STATE.processing)
    .map((refund) => judgeAsked(file, refund));
}

function judgeAsked(file: PayFile, refund: RefundFacts): Finding {
  const unwatched = withoutJob(refund.job === undefined ? [] : [refund.job]);
  const is = `${stateName(REFUND_STATE, refund.state)}${unwatched === undefined ? "" : `, and ${unwatched}`}`;
  return found("REFUND_UNWATCHED", {
    text: `refund ${refund.id} (${refund.refundNo}) of pay ${file.id}: ${is}${since(refund.createTime)}`,
    rows: { refund: refund.id, pay: file.id, order: file.oid },
    isUnderWay: unwatched === undefined,
  });
}

/** Why nobody sees to something; undefined where somebody does. */
function withoutJob(jobs: readonly OpenJob[]): string | undefined {
  if (jobs.some(({ isDead }) => !isDead)) return undefined;
  const [dead] = jobs;
  return dead === undefined ? "no job sees to it" : `its job ${dead.id} is dead`;
}
