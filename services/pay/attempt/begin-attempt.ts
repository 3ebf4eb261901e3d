import type { BeginWork } from "@mall/kit/idempotency";
import { type Runtime, wholeSeconds } from "@mall/kit/runtime";
import type { RowTransaction } from "@mall/kit/store";
import type { Channel } from "../channels/channel.ts";
import { mustMove } from "../intent/lock.ts";
import { checkOpen } from "../intent/payable.ts";
import { isOpen } from "../model/attempt-state.ts";
import { beginningOf, type PayAttempt, type PayAttemptRow } from "../model/pay-attempt-model.ts";
import type { PayRow } from "../model/pay-model.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { payAmountMismatch, payNotFound, payTooManyAttempts } from "../rpc/errors.ts";
import type { PayWay } from "./pay-way.ts";
import { prepayReference } from "./record-prepay.ts";

/** More tries than anybody needs; each is asked about for its whole life. */
const ATTEMPTS_MAX = 20;
/** How long a channel waits for the buyer of a payment that has no end of its own, milliseconds. */
const ENDLESS_ATTEMPT_MS = 2 * 3_600_000;
/** Keeps numbers unique at a channel even if the database is recreated and ids start over. */
const RANDOM_BYTES = 5;

/** @throws AppError FAILED_PRECONDITION PAY_TOO_MANY_ATTEMPTS where a payment may have no further attempt. */
export function checkAttempts(attempts: readonly PayAttemptRow[]): void {
  if (attempts.length >= ATTEMPTS_MAX) throw payTooManyAttempts();
}

/** What an attempt is begun for. */
export interface AttemptBeginning {
  /** Takes the key of its prepay, for whoever sends that again. */
  readonly begin: BeginWork;
  /** The payment as its order was compared with. */
  readonly pay: PayRow;
  /** Its attempts as they were read after it, where none was open; otherwise they are read again. */
  readonly earlier?: readonly PayAttemptRow[] | undefined;
  readonly channel: Channel;
  /** How it is to be paid. */
  readonly way: PayWay;
}

/** An attempt that the payment has counted: whoever else had read the same loses. */
interface Counted {
  readonly pay: PayRow;
  readonly earlier: readonly PayAttemptRow[];
  readonly expireTime: Date;
}

/**
 * Writes an attempt down before its channel hears of it, with the jobs that see to its end and to that of earlier
 * ones which are still open.
 *
 * @throws AppError where the payment takes no money, or has had too many attempts; DuplicateKeyError of a key.
 */
export function beginAttempt(context: ServiceContext, beginning: AttemptBeginning): Promise<PayAttempt> {
  return context.database.share(async (tx) => {
    const counted =
      (await countAsRead(context, tx, beginning)) ?? (await countUnderLock(context, tx, beginning));
    for (const open of counted.earlier.filter(({ state }) => isOpen(state)))
      await context.jobs.closeAttempt(tx, open);
    return insertAttempt(context, tx, beginning, counted);
  });
}

/** Nothing is read again where the count itself finds the payment as it was read; undefined where it does not. */
async function countAsRead(
  context: ServiceContext,
  tx: RowTransaction,
  { pay, earlier }: AttemptBeginning,
): Promise<Counted | undefined> {
  if (earlier === undefined) return undefined;
  checkOpen(pay, context.runtime.now());
  const end = attemptEnd(context, pay);
  const isAsRead = await context.payModel.countAttempt(tx, pay, changeOf(end));
  return isAsRead ? { pay, earlier, expireTime: end.time } : undefined;
}

async function countUnderLock(
  context: ServiceContext,
  tx: RowTransaction,
  beginning: AttemptBeginning,
): Promise<Counted> {
  const pay = await context.payModel.lockOne(beginning.pay.id, tx);
  if (pay === undefined) throw payNotFound();
  checkOpen(pay, context.runtime.now());
  if (pay.amount !== beginning.pay.amount) throw payAmountMismatch();
  const earlier = await context.attemptModel.findByPay(pay.id, tx);
  checkAttempts(earlier);
  const end = attemptEnd(context, pay);
  await mustMove(context.payModel.countAttempt(tx, pay, changeOf(end)));
  return { pay, earlier, expireTime: end.time };
}

async function insertAttempt(
  context: ServiceContext,
  tx: RowTransaction,
  { begin, channel, way }: AttemptBeginning,
  { pay, earlier, expireTime }: Counted,
): Promise<PayAttempt> {
  const { id: payId, amount, currency } = pay;
  const outTradeNo = newOutTradeNo(context.runtime, payId, earlier.length + 1);
  const { name, source } = channel;
  const row = { payId, outTradeNo, channel: name, source, amount, currency, expireTime, ...way };
  const attempt = await context.attemptModel.begin(tx, beginningOf(row));
  await context.jobs.queryAttempt(tx, attempt);
  await begin(tx, prepayReference({ outTradeNo }));
  return attempt;
}

interface AttemptEnd {
  readonly time: Date;
  readonly isNew: boolean;
}

/** With the payment; one that a Go process wrote has no end, and is given one. */
function attemptEnd({ runtime, expireMs }: ServiceContext, { expireTime }: PayRow): AttemptEnd {
  if (expireTime !== null) return { time: expireTime, isNew: false };
  if (expireMs === 0) return { time: wholeSeconds(runtime.now() + ENDLESS_ATTEMPT_MS), isNew: false };
  return { time: wholeSeconds(runtime.now() + expireMs), isNew: true };
}

function changeOf({ time, isNew }: AttemptEnd): { readonly expireTime?: Date } {
  return isNew ? { expireTime: time } : {};
}

/**
 * The number of a payment's attempt at its channel, e.g. `P17N1Xc2a61ff09b`: only letters and digits, which every
 * channel accepts, and no more than 32 of them, the smallest limit of any channel.
 */
function newOutTradeNo(runtime: Pick<Runtime, "randomBytes">, payId: number, count: number): string {
  const random = Buffer.from(runtime.randomBytes(RANDOM_BYTES)).toString("hex");
  return `P${payId}N${count}X${random}`;
}
