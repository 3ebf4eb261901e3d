import type { AuditEntryRow } from "@mall/kit/audit";
import { JOB_STATE, type JobRow } from "@mall/kit/jobs";
import { stateName } from "@mall/kit/states";
import { isOwnGateway } from "../exchange/own-gateway.ts";
import { ATTEMPT_STATE } from "../model/attempt-state.ts";
import type { LedgerEntryRow } from "../model/gen/ledger-entry-model.ts";
import { APPROVAL_STATE, type PayApprovalRow } from "../model/pay-approval-model.ts";
import type { PayAttemptRow } from "../model/pay-attempt-model.ts";
import type { PayExchangeRow } from "../model/pay-exchange-model.ts";
import type { PayRow } from "../model/pay-model.ts";
import { NOTIFY_STATE, type PayNotifyRow } from "../model/pay-notify-model.ts";
import type { PayRefundRow } from "../model/pay-refund-model.ts";
import { PAY_STATUS } from "../model/pay-state.ts";
import { REFUND_STATE } from "../model/refund-state.ts";
import type { TimelineEvent, TimelineFact } from "../rpc/gen/pay.ts";
import type { PaymentRecord } from "./timeline.ts";

/** What an event says beside its kind; the rest is empty. */
type Told = Partial<TimelineEvent> & Pick<TimelineEvent, "subject" | "event" | "time">;

/** Of a notification's body and headers each, characters: `mall notify show` has all of them. */
const RAW_MAX = 4096;
/** Of two events of one time the one that leads to the other comes first. */
const ORDER = ["payment", "act", "approval", "attempt", "request", "job", "notification", "refund", "entry"];

/**
 * What happened to a payment, the oldest first. Rows keep when they began and when they last changed, so of what
 * happened in between only the last is told.
 */
export function tellEvents({ pay, ...record }: PaymentRecord): TimelineEvent[] {
  const rows = [
    tellPay(pay),
    ...record.attempts.map(tellAttempt),
    ...record.exchanges.map(tellExchange),
    ...record.notifies.map(tellNotify),
    ...record.approvals.map(tellApproval),
    ...record.refunds.map((refund) =>
      tellRefund(refund, currencyOf(refund, record.attempts) || pay.currency),
    ),
    ...entriesByKey(record.entries).map(tellEntry),
    ...record.jobs.map(tellJob),
    ...record.acts.map(tellAct),
  ];
  const placed = besideSuccess(rows.flatMap((events) => placeAfter(pay.createTime.getTime(), events)));
  const before = (one: Placed, other: Placed): number => one.place - other.place || one.rank - other.rank;
  return placed.sort(before).map(({ event }) => event);
}

/** What rows to the second say of an end: it was after all that led to it, by the end of that second. */
const SECOND_MS = 999;
const ENDS: ReadonlySet<string> = new Set(["payment", "attempt", "refund", "entry"]);
/** The same of ends: money that came makes its attempt a success, is booked, and makes the payment paid. */
const ORDER_OF_ENDS = ["attempt", "entry", "refund", "payment"];

/** An event and where it stands on the line, milliseconds since 1970; of one place by its rank. */
interface Placed {
  readonly place: number;
  readonly rank: number;
  readonly event: TimelineEvent;
}

/**
 * Puts the events of a row in their order behind the payment's beginning: some times are the database's, to the
 * second, and some the process's, so that what came later may say that it was earlier.
 */
function placeAfter(beginning: number, events: readonly TimelineEvent[]): Placed[] {
  let latest = beginning;
  return events.map((event, index) => {
    const { kind, time } = event;
    const isEnd = ENDS.has(kind) && (index > 0 || kind === "entry");
    latest = Math.max(latest, isEnd && time % 1000 === 0 ? time + SECOND_MS : time);
    const rank = isEnd ? ORDER.length + ORDER_OF_ENDS.indexOf(kind) : ORDER.indexOf(kind);
    return { place: latest, rank, event };
  });
}

/**
 * A payment is paid by the money that makes its attempt a success, once that is booked: where all of it is of one
 * second, it stands there.
 */
function besideSuccess(placed: readonly Placed[]): Placed[] {
  const success = placed.find(({ event }) => event.kind === "attempt" && event.event === "succeeded");
  if (success === undefined) return [...placed];
  const second = secondOf(success);
  const entries = placed.filter((each) => each.event.kind === "entry" && secondOf(each) === second);
  const booked = entries.length === 0 ? 0 : Math.min(...entries.map((each) => each.place));
  const place = Math.max(success.place, booked);
  return placed.map((each) => {
    const { kind, event } = each.event;
    const isPaid = kind === "payment" && event === "paid" && secondOf(each) === second;
    return isPaid ? { ...each, place } : each;
  });
}

function secondOf({ event }: Placed): number {
  return Math.floor(event.time / 1000);
}

function tellPay(pay: PayRow): TimelineEvent[] {
  const { id, amount, currency, status, createTime, updateTime, paidTime } = pay;
  const tell = (event: string, at: Date, facts: TimelineFact[] = []): TimelineEvent =>
    toEvent("payment", {
      ...{ subject: String(id), event, time: at.getTime(), amount, currency, facts },
      state: stateName(PAY_STATUS, status),
    });
  const events = [
    tell("created", createTime, factsOf({ user: pay.uid, order: pay.oid, expires: pay.expireTime })),
  ];
  if (paidTime !== null) events.push(tell("paid", paidTime));
  if (status !== PAY_STATUS.created && status !== PAY_STATUS.paid) {
    const facts = factsOf({
      held: pay.heldReason,
      refunded: pay.refundedAmount,
      refunding: pay.refundingAmount,
    });
    events.push(tell(stateName(PAY_STATUS, status), updateTime, facts));
  }
  return events;
}

function tellAttempt(attempt: PayAttemptRow): TimelineEvent[] {
  const { outTradeNo: subject, amount, currency, createTime, updateTime, error } = attempt;
  const state = stateName(ATTEMPT_STATE, attempt.state);
  const same = { subject, state, amount, currency };
  const { channel, product, expireTime: expires, channelTradeNo, fee, lateFee, heldReason: held } = attempt;
  const began = {
    ...same,
    event: "began",
    time: createTime.getTime(),
    facts: factsOf({ channel, product, expires }),
  };
  if (attempt.state === ATTEMPT_STATE.created) return [toEvent("attempt", began)];
  const received = attempt.receivedCurrency && `${attempt.receivedAmount} ${attempt.receivedCurrency}`;
  const facts = factsOf({ channel, channelTradeNo, received, fee, lateFee, held });
  return [
    toEvent("attempt", began),
    toEvent("attempt", { ...same, event: state, time: updateTime.getTime(), facts, error }),
  ];
}

function tellNotify(notify: PayNotifyRow): TimelineEvent[] {
  const { id, channel, kind, subject: about, eventKey, received, error } = notify;
  const [headers, body] = [notify.headers, rawText(notify.body)].map(cut);
  const facts = factsOf({ channel, kind, about, eventKey, times: received, headers, body });
  const state = stateName(NOTIFY_STATE, notify.state);
  const came = { subject: String(id), event: "came", state, time: notify.receivedAt, facts, error };
  return [toEvent("notification", came)];
}

/** A request to the channel and its answer, at the time when it was sent. */
function tellExchange(exchange: PayExchangeRow): TimelineEvent[] {
  const { subject, operation: event, channel, status, tookMs, traceId, error } = exchange;
  const [request, answer] = [exchange.request, exchange.answer].map(cut);
  const isCut = exchange.isCut === 0 ? undefined : "yes";
  const target = reachableTarget(exchange.target);
  const facts = factsOf({ channel, target, status, tookMs, request, answer, isCut, traceId });
  return [toEvent("request", { subject, event, time: exchange.sentAt, facts, error })];
}

/** Method and address; of a bank that this mall is itself only the path, as the address stands for its own gateway. */
function reachableTarget(target: string): string {
  const [method = "", url = ""] = target.split(" ", 2);
  return isOwnGateway(url) ? `${method} ${new URL(url).pathname}` : target;
}

/** Of the money that goes back, which need not be that of its payment: money of another one is held. */
function currencyOf({ attemptId }: PayRefundRow, attempts: PaymentRecord["attempts"]): string | undefined {
  return attempts.find(({ id }) => id === attemptId)?.receivedCurrency;
}

function tellRefund(refund: PayRefundRow, currency: string): TimelineEvent[] {
  const { refundNo: subject, amount, createTime, updateTime, error, cause, reason } = refund;
  const state = stateName(REFUND_STATE, refund.state);
  const same = { subject, state, amount, currency };
  const facts = factsOf({ cause, reason, requestedBy: refund.requestedBy });
  const requested = toEvent("refund", { ...same, event: "requested", time: createTime.getTime(), facts });
  if (refund.state === REFUND_STATE.reserved) return [requested];
  const ended = factsOf({ channelRefundNo: refund.channelRefundNo, feeBack: refund.feeBack });
  return [
    requested,
    toEvent("refund", { ...same, event: state, time: updateTime.getTime(), facts: ended, error }),
  ];
}

/** Told as its rows stand: the line of one that nobody decided about in time ends with its beginning. */
function tellApproval(approval: PayApprovalRow): TimelineEvent[] {
  const { id, act, refundNo, amount, currency, reason, requestedBy, decidedBy, decidedReason } = approval;
  const state = stateName(APPROVAL_STATE, approval.state);
  const same = { subject: String(id), state, amount, currency };
  const expires = new Date(approval.expiresAt);
  const facts = factsOf({ act, refundNo, reason, who: requestedBy, expires });
  const asked = toEvent("approval", { ...same, event: "requested", time: approval.requestedAt, facts });
  if (approval.state === APPROVAL_STATE.open) return [asked];
  const ended = factsOf({ act, who: decidedBy, reason: decidedReason });
  return [asked, toEvent("approval", { ...same, event: state, time: approval.decidedAt, facts: ended })];
}

function entriesByKey(entries: readonly LedgerEntryRow[]): LedgerEntryRow[][] {
  return [...Map.groupBy(entries, ({ txnKey }) => txnKey).values()];
}

/** A double entry as one event; its amount is that of one side. */
function tellEntry(lines: readonly LedgerEntryRow[]): TimelineEvent[] {
  const [first] = lines;
  const amount = lines.reduce((sum, { debit }) => sum + debit, 0);
  const facts = lines.map(({ account, debit, credit }) => ({
    name: account,
    value: debit > 0 ? `debit ${debit}` : `credit ${credit}`,
  }));
  const { txnKey: subject = "", createTime, currency = "" } = first ?? {};
  const time = createTime?.getTime() ?? 0;
  return [toEvent("entry", { subject, event: "posted", time, amount, currency, facts })];
}

function tellJob(job: JobRow): TimelineEvent[] {
  const { id, kind, createdAt, dueAt, attempts, failures, error } = job;
  const state = stateName(JOB_STATE, job.state);
  const same = { subject: String(id), state };
  const isOver = job.state !== JOB_STATE.waiting;
  const next = isOver ? null : new Date(dueAt);
  const facts = factsOf({ kind, attempts, failures, next });
  const enqueued = toEvent("job", {
    ...same,
    event: "enqueued",
    time: createdAt,
    facts,
    ...(!isOver && { error }),
  });
  if (!isOver) return [enqueued];
  return [enqueued, toEvent("job", { ...same, event: state, time: dueAt, facts: factsOf({ kind }), error })];
}

function tellAct(act: AuditEntryRow): TimelineEvent[] {
  const { subject, operation, who, address, traceId, stateBefore: before, stateAfter: after } = act;
  const facts = factsOf({ operation, who, address, traceId, before, after });
  return [toEvent("act", { subject, event: "done", time: act.createdAt, facts })];
}

function toEvent(kind: string, told: Told): TimelineEvent {
  return { state: "", amount: 0, currency: "", facts: [], error: "", ...told, kind };
}

/** Those that say something, under their names; times in ISO 8601. */
function factsOf(facts: Readonly<Record<string, string | number | Date | null | undefined>>): TimelineFact[] {
  return Object.entries(facts).flatMap(([name, value]) => {
    if (value === null || value === undefined || value === "" || value === 0) return [];
    return [{ name, value: value instanceof Date ? value.toISOString() : String(value) }];
  });
}

/** Text where the bytes are text, else base64 with a word before it. */
function rawText(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString("utf8");
  return Buffer.from(text).equals(bytes) ? text : `base64 ${Buffer.from(bytes).toString("base64")}`;
}

function cut(text: string): string {
  return text.length <= RAW_MAX ? text : `${text.slice(0, RAW_MAX)}… (${text.length} characters)`;
}
