import type { ApprovalRow, AttemptRow, Books, RefundRow } from "./books.ts";
import { APPROVAL, ATTEMPT, isReturned, REFUND } from "./states.ts";
import { Violation } from "./violation.ts";

/** The channel of money that somebody says has come, which goes back by hand. */
const BY_WORD = "callback";

/**
 * Nothing above the limit moves without a second person, and what one has approved is done, once.
 *
 * @param above the limit; 0 where there is none.
 */
export function checkApprovals(books: Books, above: number): void {
  for (const approval of books.approvals) checkApproval(books, approval);
  if (above === 0) return;
  const approved = books.approvals.filter(({ state }) => state === APPROVAL.approved);
  const isApproved = (act: string, fits: (row: ApprovalRow) => boolean): boolean =>
    approved.some((row) => row.act === act && fits(row));
  for (const refund of books.refunds) {
    const { refundNo, amount, state } = refund;
    if (state !== REFUND.succeeded || amount <= above || !isByWord(books, refund)) continue;
    if (!isApproved("settle", (row) => row.refundNo === refundNo))
      throw new Violation("second person", `one alone said that refund ${refundNo} of ${amount} was made`);
  }
  for (const { payId, state, received, amount } of books.attempts) {
    if (state !== ATTEMPT.succeeded || received === amount || received <= above) continue;
    if (!isApproved("accept", (row) => row.payId === payId))
      throw new Violation("second person", `one alone accepted ${received} for payment ${payId}`);
  }
  for (const [payId, alone] of Map.groupBy(books.refunds, (refund) => refund.payId)) {
    const sum = alone
      .filter(
        (refund) =>
          refund.cause === "request" &&
          refund.state !== REFUND.failed &&
          !isApproved("refund", (row) => row.refundNo === refund.refundNo),
      )
      .reduce((total, { amount }) => total + amount, 0);
    if (sum > above) throw new Violation("second person", `one alone sends ${sum} of payment ${payId} back`);
  }
}

function checkApproval({ refunds }: Books, approval: ApprovalRow): void {
  const { id, act, state, payId, refundNo, amount, requestedBy, decidedBy } = approval;
  const isDecided = state === APPROVAL.approved || state === APPROVAL.rejected;
  if (isDecided === (decidedBy === ""))
    throw new Violation("second person", `approval ${id} in state ${state} is decided by "${decidedBy}"`);
  if (state !== APPROVAL.approved) return;
  if (decidedBy === requestedBy)
    throw new Violation("second person", `approval ${id} was asked for and given by ${decidedBy}`);
  const refund = refunds.find((row) => row.refundNo === refundNo);
  if (act === "refund" && (refund?.payId !== payId || refund.amount !== amount))
    throw new Violation("second person", `approved refund ${refundNo} is ${JSON.stringify(refund)}`);
  if (act === "settle" && refund?.state !== REFUND.succeeded)
    throw new Violation("second person", `approved refund by hand ${refundNo} is ${JSON.stringify(refund)}`);
}

function isByWord({ attempts }: { readonly attempts: readonly AttemptRow[] }, refund: RefundRow): boolean {
  return (
    !isReturned(refund) && attempts.some(({ id, channel }) => id === refund.attemptId && channel === BY_WORD)
  );
}
