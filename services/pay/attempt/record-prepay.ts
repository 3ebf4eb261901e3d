import type { Call } from "@mall/kit/call";
import type { AppError } from "@mall/kit/errors";
import { unixSeconds } from "@mall/kit/runtime";
import { fitText, type RowTransaction } from "@mall/kit/store";
import type { Opened } from "../channels/channel.ts";
import { lockSubject } from "../intent/lock.ts";
import { ATTEMPT_STATE } from "../model/attempt-state.ts";
import type { PayAttempt } from "../model/pay-attempt-model.ts";
import { PAY_STATUS } from "../model/pay-state.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { channelRefused, channelUnavailable, prepaySuperseded } from "../rpc/errors.ts";
import type { PrepayResponse } from "../rpc/gen/pay.ts";

const ERROR_LENGTH_MAX = 255;

/** Names the prepay that opens an attempt, for whoever sent it with a key. */
export function prepayReference({ outTradeNo }: Pick<PayAttempt, "outTradeNo">): string {
  return `prepay-${outTradeNo}`;
}

/** Ends the prepay of an attempt that is still being opened, so that its twins have its answer. */
export async function settlePrepay(
  { idempotency }: ServiceContext,
  tx: RowTransaction,
  attempt: PayAttempt,
  answer: { readonly ok: PrepayResponse } | { readonly error: AppError },
): Promise<void> {
  if (attempt.state !== ATTEMPT_STATE.created) return;
  await idempotency.settle(tx, prepayReference(attempt), answer);
}

/**
 * Writes down that a channel waits for the buyer.
 *
 * @returns what the buyer needs; undefined where the attempt or its payment ended meanwhile, and it is being closed.
 */
export function recordOpened(
  context: ServiceContext,
  call: Call,
  begun: PayAttempt,
  { credential: { kind, text }, channelRef = "" }: Opened,
): Promise<PrepayResponse | undefined> {
  const opened = { credential: text, credentialKind: kind, channelRef };
  return context.database.share(async (tx) => {
    const pay = await context.payModel.lockOne(begun.payId, tx);
    const isWanted = pay?.status === PAY_STATUS.created;
    const isOpened = isWanted && (await open(context, tx, begun, opened));
    const answer = toPrepay({ ...begun, ...opened });
    // Without a key nobody else waits for it.
    if (call.idempotency !== undefined) {
      await settlePrepay(context, tx, begun, isOpened ? { ok: answer } : { error: prepaySuperseded() });
    }
    return isOpened ? answer : undefined;
  });
}

/** Most often the attempt is as it was begun; its process may have been presumed dead meanwhile. */
async function open(
  { attemptModel }: ServiceContext,
  tx: RowTransaction,
  begun: PayAttempt,
  opened: Pick<PayAttempt, "credential" | "credentialKind" | "channelRef">,
): Promise<boolean> {
  if (await attemptModel.move(tx, begun, "open", opened)) return true;
  const attempt = await attemptModel.findOne(begun.id, tx);
  return attempt !== undefined && attemptModel.move(tx, attempt, "open", opened);
}

/**
 * Writes down that a channel did not open an attempt, and never will.
 *
 * @returns false where the attempt was over before, which is why the channel refused it.
 */
export async function recordRefused(
  context: ServiceContext,
  { id, payId }: Pick<PayAttempt, "id" | "payId">,
  refusal: { readonly reason: string; readonly message: string },
): Promise<boolean> {
  const error = fitText(`${refusal.reason}: ${refusal.message}`, ERROR_LENGTH_MAX);
  return context.database.share(async (tx) => {
    const { attempt } = await lockSubject(context, tx, { id, payId });
    await settlePrepay(context, tx, attempt, { error: channelRefused(refusal.message) });
    return context.attemptModel.move(tx, attempt, "fail", { error });
  });
}

/** Writes down that nobody knows whether a channel opened an attempt: from now on it is asked. */
export async function recordLost(
  context: ServiceContext,
  { id, payId }: Pick<PayAttempt, "id" | "payId">,
): Promise<void> {
  await context.database.share(async (tx) => {
    const { attempt } = await lockSubject(context, tx, { id, payId });
    await settlePrepay(context, tx, attempt, { error: channelUnavailable(attempt.channel) });
    await context.attemptModel.move(tx, attempt, "lose");
  });
}

/** An open attempt as the payer sees it. */
export function toPrepay(attempt: PayAttempt): PrepayResponse {
  const { outTradeNo, channel, product, credential, credentialKind, expireTime } = attempt;
  return {
    outTradeNo,
    channel,
    credential: credential ?? "",
    expireTime: unixSeconds(expireTime),
    product,
    credentialKind,
  };
}
