import type { Call } from "@mall/kit/call";
import type { BeginWork } from "@mall/kit/idempotency";
import { beginAttempt, checkAttempts } from "../../attempt/begin-attempt.ts";
import { channelAsked, isPaidSo, isStillGood, type PayWay, wayAsked } from "../../attempt/pay-way.ts";
import { recordLost, recordOpened, recordRefused, toPrepay } from "../../attempt/record-prepay.ts";
import { shutThese } from "../../attempt/shut-open.ts";
import type { Channel, PrepayRequest as ChannelPrepay } from "../../channels/channel.ts";
import { checkOpen, checkPayable, isFree } from "../../intent/payable.ts";
import { settleWaiting } from "../../intent/settle-free.ts";
import { ATTEMPT_STATE, isOpen } from "../../model/attempt-state.ts";
import type { PayAttempt, PayAttemptRow } from "../../model/pay-attempt-model.ts";
import type { PayRow } from "../../model/pay-model.ts";
import type { ServiceContext } from "../context.ts";
import {
  channelRefused,
  channelUnavailable,
  payAlreadyPaid,
  payAmountMismatch,
  payNotFound,
  payStateConflict,
  prepaySuperseded,
} from "../errors.ts";
import type { PrepayRequest, PrepayResponse } from "../gen/pay.ts";

/**
 * Opens an attempt on a channel and returns what the buyer needs to pay it. The channel's open attempt is returned again
 * as long as what was given for it can be used; others are closed first, as far as their channels answer, and else as soon as they do.
 */
export async function prepay(
  context: ServiceContext,
  call: Call,
  request: PrepayRequest,
): Promise<PrepayResponse> {
  const channel = channelAsked(context, request.channel);
  const way = wayAsked(context, channel, request);
  // Who asks again may be somewhere else by now.
  const asked = { ...request, clientAddress: undefined };
  return context.idempotency.once<PrepayResponse>(call, asked, async (commit) => {
    const pay = await findPayable(context, call, request.id);
    const attempts = await context.attemptModel.findByPay(pay.id);
    const now = context.runtime.now();
    const known = attempts.find(
      (attempt) =>
        isFor(attempt, channel, pay) && isPaidSo(attempt, way) && isStillGood(channel, attempt, now),
    );
    if (known !== undefined) return commit.statement(async () => ({ answer: toPrepay(known) }));
    checkAttempts(attempts);
    const open = attempts.filter(({ state }) => isOpen(state));
    await shutThese(context, call, pay.id, open);
    const earlier = open.length === 0 ? attempts : undefined;
    const { clientAddress } = request;
    const opening = { pay, channel, way, earlier, clientAddress };
    return commit.begun((begin) => openAttempt(context, call, { begin, ...opening }));
  });
}

/** A payment that waits for the money of an order that waits for it. One that costs nothing is paid by that. */
async function findPayable(context: ServiceContext, call: Call, id: number): Promise<PayRow> {
  const pay = await context.payModel.findOne(id);
  if (pay === undefined) throw payNotFound();
  checkOpen(pay, context.runtime.now());
  const order = await context.orderRpc.detail(call, { id: pay.oid });
  checkPayable(order);
  if (order.amount !== pay.amount) throw payAmountMismatch();
  if (isFree(pay)) throw (await settleWaiting(context, id)) ? payAlreadyPaid() : payStateConflict();
  return pay;
}

function isFor(attempt: PayAttemptRow, channel: Channel, pay: PayRow): boolean {
  const { state, amount } = attempt;
  return state === ATTEMPT_STATE.pending && attempt.channel === channel.name && amount === pay.amount;
}

const OUTCOMES = { yes: "opened", no: "refused", unknown: "unknown" } as const;

interface Opening {
  readonly begin: BeginWork;
  readonly pay: PayRow;
  readonly channel: Channel;
  readonly way: PayWay;
  readonly earlier: readonly PayAttemptRow[] | undefined;
  readonly clientAddress: string | undefined;
}

async function openAttempt(context: ServiceContext, call: Call, opening: Opening): Promise<PrepayResponse> {
  const attempt = await beginAttempt(context, opening);
  const { channel } = opening;
  const answer = await channel.prepay(call, prepayOf(opening, attempt));
  context.metrics.attempted(channel.name, OUTCOMES[answer.kind]);
  if (answer.kind === "no") {
    const isRefusal = await recordRefused(context, attempt, answer);
    throw isRefusal ? channelRefused(answer.message) : prepaySuperseded();
  }
  if (answer.kind === "unknown") {
    await recordLost(context, attempt);
    throw channelUnavailable(channel.name, answer.cause);
  }
  const opened = await recordOpened(context, call, attempt, answer.value);
  if (opened === undefined) throw prepaySuperseded();
  return opened;
}

function prepayOf({ pay, way, clientAddress }: Opening, attempt: PayAttempt): ChannelPrepay {
  const { outTradeNo, amount, currency, expireTime } = attempt;
  const { product, payerId, returnUrl } = way;
  return {
    outTradeNo,
    amount,
    currency,
    subject: `订单 ${pay.oid}`,
    expireAt: expireTime?.getTime() ?? 0,
    product,
    ...(payerId !== "" && { payerId }),
    ...(returnUrl !== "" && { returnUrl }),
    ...(clientAddress !== undefined && { clientAddress }),
  };
}
