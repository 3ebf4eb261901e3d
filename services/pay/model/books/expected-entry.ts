import { ATTEMPT_STATE, hasMoney } from "../attempt-state.ts";
import { ACCOUNT } from "../ledger-model.ts";
import { HELD_REASON } from "../pay-state.ts";
import { isOfSuccess, REFUND_CAUSE } from "../refund-state.ts";

/** A line of an entry; amounts in minor units. */
export interface EntryLine {
  readonly account: string;
  readonly debit: number;
  readonly credit: number;
}

/** Whether an attempt's money was held, and when: it stays so whatever was decided about it. */
const HELD = { never: 0, atOnce: 1, afterSuccess: 2 } as const;

/** HELD of an attempt, in SQL; what was held before reasons were kept is recognised by its amounts. */
export const HELD_SQL =
  `CASE WHEN held_reason = '${HELD_REASON.orderRefused}' THEN ${HELD.afterSuccess} ` +
  "WHEN held_reason <> '' OR received_amount <> amount OR received_currency <> currency " +
  `THEN ${HELD.atOnce} ELSE ${HELD.never} END`;

/** What the books say of money that a channel took; where several are added up, of all of them. */
export interface MoneyIn {
  readonly channel: string;
  readonly state: number;
  /** One of HELD. */
  readonly held: number;
  readonly received: number;
  /** What the channel kept of it, at most all, as the receipt has it. */
  readonly fee: number;
  /** What it said afterwards that it kept. */
  readonly lateFee: number;
}

/** What the books say of money that went back, as MoneyIn. */
export interface MoneyBack {
  readonly channel: string;
  readonly cause: string;
  readonly amount: number;
  /** What the channel gave back of its fee. */
  readonly feeBack: number;
}

/** What the books say of money that disputes moved, as MoneyIn; both amounts may be negative. */
export interface DisputeMoney {
  readonly channel: string;
  /** What the merchant has more of, before the fee. */
  readonly amount: number;
  readonly fee: number;
}

/** The lines of the receipt of an attempt that has money. */
export function receiptLines({ channel, state, held, received, fee }: MoneyIn): EntryLine[] {
  const isSale = held === HELD.afterSuccess || (state === ATTEMPT_STATE.succeeded && held === HELD.never);
  return [
    debit(ACCOUNT.channel(channel), received - fee),
    ...(fee === 0 ? [] : [debit(ACCOUNT.fees, fee)]),
    credit(isSale ? ACCOUNT.sales : ACCOUNT.suspense, received),
  ];
}

/** The lines of a fee that the channel reported after the receipt; none where there was none. */
export function feeLines({ channel, lateFee }: MoneyIn): EntryLine[] {
  return lateFee === 0 ? [] : [debit(ACCOUNT.fees, lateFee), credit(ACCOUNT.channel(channel), lateFee)];
}

/** The lines of a success that its order refused; none where there was none. */
export function doubtLines({ held, received }: MoneyIn): EntryLine[] {
  if (held !== HELD.afterSuccess) return [];
  return [debit(ACCOUNT.sales, received), credit(ACCOUNT.suspense, received)];
}

/** The lines of the decision to keep money that was held; none where there was none. */
export function acceptLines({ state, held, received }: MoneyIn): EntryLine[] {
  if (state !== ATTEMPT_STATE.succeeded || held === HELD.never) return [];
  return [debit(ACCOUNT.suspense, received), credit(ACCOUNT.sales, received)];
}

/** The lines of a refund that was made. */
export function refundLines({ channel, cause, amount }: MoneyBack): EntryLine[] {
  return [
    debit(isOfSuccess(cause) ? ACCOUNT.sales : ACCOUNT.suspense, amount),
    credit(ACCOUNT.channel(channel), amount),
  ];
}

/** The lines of a part of the fee that the channel gave back with a refund; none where there was none. */
export function feeBackLines({ channel, feeBack }: MoneyBack): EntryLine[] {
  return feeBack === 0 ? [] : [debit(ACCOUNT.channel(channel), feeBack), credit(ACCOUNT.fees, feeBack)];
}

/** The lines of a refund's money that came back to the channel, and is to be sent another way; none of other refunds. */
export function returnedLines({ channel, cause, amount }: MoneyBack): EntryLine[] {
  if (cause !== REFUND_CAUSE.returned) return [];
  return [debit(ACCOUNT.channel(channel), amount), credit(ACCOUNT.suspense, amount)];
}

/** The lines of what a dispute moved. */
export function disputeLines({ channel, amount, fee }: DisputeMoney): EntryLine[] {
  const accounts: readonly (readonly [account: string, more: number])[] = [
    [ACCOUNT.channel(channel), amount - fee],
    [ACCOUNT.fees, fee],
    [ACCOUNT.disputes, -amount],
  ];
  return accounts.flatMap(([account, more]) => {
    if (more === 0) return [];
    return [more > 0 ? debit(account, more) : credit(account, -more)];
  });
}

/** The states of attempts that are in the books. */
export const STATES_WITH_MONEY: readonly number[] = Object.values(ATTEMPT_STATE).filter(hasMoney);

function debit(account: string, amount: number): EntryLine {
  return { account, debit: amount, credit: 0 };
}

function credit(account: string, amount: number): EntryLine {
  return { account, debit: 0, credit: amount };
}
