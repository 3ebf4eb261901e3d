import type { Call } from "@mall/kit/call";
import type { Operation } from "@mall/kit/idempotency";
import type { RowTransaction } from "@mall/kit/store";
import type { Channel } from "../../channels/channel.ts";
import { isOpen } from "../../model/attempt-state.ts";
import { beginningOf, type PayAttempt, type PayAttemptRow } from "../../model/pay-attempt-model.ts";
import type { PayRow } from "../../model/pay-model.ts";
import { newOutTradeNo } from "../attempt-number.ts";
import type { ServiceContext } from "../context.ts";
import { payAmountMismatch, payNotFound, payTooManyAttempts } from "../errors.ts";
import { checkOpen } from "../pay-check.ts";
import { wholeSeconds } from "../times.ts";
import { mustMove } from "./must-move.ts";
import { prepayReference } from "./record-prepay.ts";

/** More tries than anybody needs; each is asked about for its whole life. */
const ATTEMPTS_MAX = 20;
/** How long a channel waits for the buyer of a payment that has no end of its own, milliseconds. */
const ENDLESS_ATTEMPT_MS = 2 * 3_600_000;

/** @throws AppError FAILED_PRECONDITION PAY_TOO_MANY_ATTEMPTS where a payment may have no further attempt. */
export function checkAttempts(attempts: readonly PayAttemptRow[]): void {
  if (attempts.length >= ATTEMPTS_MAX) throw payTooManyAttempts();
}

/** What an attempt is begun for. */
export interface AttemptBeginning {
  readonly call: Call;
  /** The prepay, for whoever sends it again with its key. */
  readonly operation: Operation;
  /** The payment as its order was compared with. */
  readonly pay: PayRow;
  readonly channel: Channel;
}

/**
 * Writes an attempt down before its channel hears of it, with the jobs that see to its end and to that of earlier
 * ones which are still open.
 *
 * @throws AppError where the payment takes no money, or has had too many attempts; DuplicateKeyError of a key.
 */
export function beginAttempt(context: ServiceContext, beginning: AttemptBeginning): Promise<PayAttempt> {
  return context.database.share(async (tx) => {
    const pay = await context.payModel.lockOne(beginning.pay.id, tx);
    if (pay === undefined) throw payNotFound();
    checkOpen(pay, context.runtime.now());
    if (pay.amount !== beginning.pay.amount) throw payAmountMismatch();
    const attempts = await context.attemptModel.findByPay(pay.id, tx);
    checkAttempts(attempts);
    for (const { id } of attempts.filter(({ state }) => isOpen(state)))
      await context.jobs.closeAttempt(tx, id);
    const end = attemptEnd(context, pay);
    await mustMove(context.payModel.countAttempt(tx, pay, end.isNew ? { expireTime: end.time } : {}));
    return insertAttempt(context, tx, { ...beginning, pay, expireTime: end.time }, attempts);
  });
}

async function insertAttempt(
  context: ServiceContext,
  tx: RowTransaction,
  { call, operation, pay, channel, expireTime }: AttemptBeginning & { readonly expireTime: Date },
  earlier: readonly PayAttemptRow[],
): Promise<PayAttempt> {
  const { id: payId, amount, currency } = pay;
  const outTradeNo = newOutTradeNo(context.runtime, payId, earlier.length + 1);
  const { name, source } = channel;
  const row = { payId, outTradeNo, channel: name, source, amount, currency, expireTime };
  const attempt = await context.attemptModel.begin(tx, beginningOf(row));
  await context.jobs.queryAttempt(tx, attempt.id);
  await context.idempotency.begin(tx, call, operation, prepayReference({ outTradeNo }));
  return attempt;
}

/** With the payment; one that a Go process wrote has no end, and is given one. */
function attemptEnd(
  { runtime, expireMs }: ServiceContext,
  { expireTime }: PayRow,
): { readonly time: Date; readonly isNew: boolean } {
  if (expireTime !== null) return { time: expireTime, isNew: false };
  if (expireMs === 0) return { time: wholeSeconds(runtime.now() + ENDLESS_ATTEMPT_MS), isNew: false };
  return { time: wholeSeconds(runtime.now() + expireMs), isNew: true };
}
