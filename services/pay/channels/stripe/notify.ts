import { AppError } from "@mall/kit/errors";
import { z } from "zod";
import type { ParsedNotify, RawNotify, TradeState } from "../channel.ts";
import { readJson } from "../read-json.ts";
import { fromStripe } from "./currencies.ts";
import { isDisputeOver } from "./disputes.ts";
import { disputeId, intentId, OUR_REFUND, OUR_TRADE, ourNumber, refundId } from "./objects.ts";
import { stateOfRefund } from "./refunds.ts";
import { isSigned, SIGNATURE_HEADER } from "./signature.ts";

/** Only the subject of an event is used, so nothing else of it is validated. */
const event = z.object({
  id: z
    .string()
    .max(64)
    .regex(/^evt_[A-Za-z0-9_]+$/),
  type: z.string().min(1).max(128),
  livemode: z.boolean(),
  created: z.union([z.int().min(1).max(99_999_999_999), z.string()]).optional(),
  data: z.object({ object: z.record(z.string(), z.unknown()) }).optional(),
});

const about = z.object({
  object: z.string().optional().catch(undefined),
  id: z.union([intentId, refundId, disputeId]).optional().catch(undefined),
  metadata: z.record(z.string(), z.string()).nullish().catch(undefined),
  status: z.string().nullish().catch(undefined),
  payment_status: z.string().optional().catch(undefined),
  payment_intent: intentId.nullish().catch(undefined),
  amount_received: z.int().min(0).optional().catch(undefined),
  amount_total: z.int().min(0).nullish().catch(undefined),
  currency: z
    .string()
    .regex(/^[a-z]{3}$/)
    .nullish()
    .catch(undefined),
});

type About = z.output<typeof about>;

/**
 * Verifies a notification and reads its subject. An endpoint may receive any event: one that is not about a trade of
 * ours has no number, and is stored and ignored.
 *
 * @throws AppError UNAUTHENTICATED NOTIFY_FORGED.
 */
export function readNotify(
  { headers, body }: RawNotify,
  {
    secrets,
    isLive,
    now,
  }: { readonly secrets: readonly string[]; readonly isLive: boolean; readonly now: number },
): ParsedNotify {
  if (!isSigned(headers[SIGNATURE_HEADER], body, { secrets, now })) {
    throw forged("the notification is not signed by Stripe, or not lately");
  }
  const { id: eventKey, livemode, created, data } = readEvent(body);
  if (livemode !== isLive) throw forged("the notification is of another mode than the account's keys");
  const subject = about.parse(data?.object ?? {});
  const outTradeNo = ourNumber(subject, OUR_TRADE) ?? "";
  const refundNo = ourNumber(subject, OUR_REFUND);
  if (subject.object === "refund" && refundNo !== undefined) {
    const state = stateOfRefund(subject);
    const hint = { state, ...(subject.id !== undefined && { channelRefundNo: subject.id }) };
    return { kind: "refund", eventKey, outTradeNo, refundNo, hint };
  }
  if (subject.object === "dispute" && typeof subject.payment_intent === "string") {
    const { id: disputeNo = "", payment_intent: tradeNo, status } = subject;
    return { kind: "dispute", eventKey, outTradeNo: "", disputeNo, tradeNo, isOver: isDisputeOver(status) };
  }
  const second = typeof created === "number" ? created : Math.floor(now / 1000);
  return { kind: "trade", eventKey, outTradeNo, hint: hintOf(subject, second * 1000) };
}

function readEvent(body: Uint8Array): z.output<typeof event> {
  try {
    return event.parse(readJson(body));
  } catch (cause) {
    throw forged("the notification is not one of Stripe's", cause);
  }
}

function hintOf(subject: About, at: number): TradeState {
  const { object, status, payment_status: paymentStatus } = subject;
  if (object === "payment_intent" && status === "canceled") return { state: "closed" };
  if (object === "checkout.session" && status === "expired") return { state: "closed" };
  const isPaid = object === "payment_intent" ? status === "succeeded" : paymentStatus === "paid";
  return (isPaid ? paidHint(subject, at) : undefined) ?? { state: "open" };
}

function paidHint(subject: About, paidAt: number): TradeState | undefined {
  const isIntent = subject.object === "payment_intent";
  const tradeNo = isIntent ? subject.id : subject.payment_intent;
  const theirs = isIntent ? subject.amount_received : subject.amount_total;
  const currency = (subject.currency ?? "").toUpperCase();
  const amount = typeof theirs === "number" ? fromStripe(theirs, currency) : undefined;
  if (typeof tradeNo !== "string" || amount === undefined) return undefined;
  return { state: "paid", tradeNo, amount, currency, paidAt };
}

function forged(message: string, cause?: unknown): AppError {
  return new AppError("UNAUTHENTICATED", "NOTIFY_FORGED", message, { cause });
}
