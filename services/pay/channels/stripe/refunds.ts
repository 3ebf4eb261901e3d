import type { Call } from "@mall/kit/call";
import type { Answer, Channel, RefundState } from "../channel.ts";
import { toStripe } from "./currencies.ts";
import { findInPages, findTrade, followed } from "./find-trade.ts";
import { type Intent, OUR_REFUND, OUR_TRADE, ourNumber, type Refund, refundObject } from "./objects.ts";
import { amountUnusable } from "./open-trade.ts";
import { badAnswer, type StripeClient } from "./stripe-client.ts";
import { intentOf, paidBy } from "./trade.ts";

const REFUNDS = "/v1/refunds";

export type RefundRequest = Parameters<Channel["refund"]>[1];
type RefundRef = Parameters<Channel["queryRefund"]>[1];

/** Refunds a trade. Stripe's request has neither currency nor total, so both are checked against what was paid. */
export async function makeRefund(
  client: StripeClient,
  call: Call,
  request: RefundRequest,
): Promise<Answer<RefundState>> {
  const amount = toStripe(request.amount, request.currency);
  if (amount === undefined) return amountUnusable(request);
  const paid = await paidIntent(client, call, request);
  if (paid.kind !== "yes") return paid;
  const form = { payment_intent: paid.value.id, amount, metadata: metadataOf(request) };
  const answer = await client.post(call, REFUNDS, { form, key: keyOf(request) }, refundObject);
  if (answer.kind !== "yes") return answer;
  const { object, isReplay } = answer.value;
  // The answer may be the stored one from when the refund was created.
  const now: Answer<Refund> = isReplay
    ? await client.get(call, `${REFUNDS}/${object.id}`, {}, refundObject)
    : { kind: "yes", value: object };
  return followed(now, (refund) => {
    const isAsked = refund.amount === amount && refund.currency === paid.value.currency;
    if (refund.id !== object.id || !isAsked) throw badAnswer("it is another refund");
    return refundState(refund, request, paid.value);
  });
}

/** The state of a refund, searched for among those of the payment. */
export async function findRefund(
  client: StripeClient,
  call: Call,
  request: RefundRef,
): Promise<Answer<RefundState>> {
  const trade = await findTrade(client, call, request.trade);
  if (trade.kind !== "yes") return trade;
  const intent = trade.value && intentOf(trade.value);
  if (intent === undefined) return { kind: "yes", value: { state: "absent" } };
  const found = await findInPages(client, call, {
    path: REFUNDS,
    query: { payment_intent: intent.id },
    schema: refundObject,
    matches: (refund) => ourNumber(refund, OUR_REFUND) === request.refundNo,
  });
  return followed(found, ({ item: refund, isAll }) => {
    if (!isAll) throw badAnswer("the payment has more refunds than are looked through");
    return refund === undefined ? { state: "absent" } : refundState(refund, request, intent);
  });
}

function metadataOf({ trade, refundNo }: RefundRequest) {
  return { [OUR_TRADE]: trade.outTradeNo, [OUR_REFUND]: refundNo };
}

/** Refund numbers are chosen by people, and other malls may share the account. */
function keyOf({ trade, refundNo }: RefundRequest): string {
  return `refund-${trade.outTradeNo}-${refundNo}`;
}

/** The object that took the money of a trade, if it matches the refund. */
async function paidIntent(
  client: StripeClient,
  call: Call,
  { trade, total, currency }: RefundRequest,
): Promise<Answer<Intent>> {
  const found = await findTrade(client, call, trade);
  const paid = followed(found, (value) => {
    const intent = value && intentOf(value);
    return intent?.status === "succeeded" ? { intent, money: paidBy(intent) } : undefined;
  });
  if (paid.kind !== "yes") return paid;
  if (paid.value === undefined) return refused("TRADE_NOT_PAID", "there is no payment to give back");
  const { intent, money } = paid.value;
  if (money.currency !== currency || money.amount !== total) {
    return refused("TOTAL_MISMATCH", "the payment is of another amount or currency");
  }
  return { kind: "yes", value: intent };
}

/**
 * `requires_action` waits for the buyer; unknown states count as processing too.
 *
 * @throws AppError BAD_ANSWER for a refund of another trade.
 */
function refundState(refund: Refund, { trade, refundNo }: RefundRef, intent: Intent): RefundState {
  const isOurs =
    refund.payment_intent === intent.id &&
    ourNumber(refund, OUR_REFUND) === refundNo &&
    ourNumber(refund, OUR_TRADE) === trade.outTradeNo;
  if (!isOurs) throw badAnswer("it is another refund");
  return { state: stateOfRefund(refund), channelRefundNo: refund.id };
}

/** The meaning of a refund's `status`. */
export function stateOfRefund({ status }: Pick<Refund, "status">): "processing" | "succeeded" | "failed" {
  if (status === "succeeded") return "succeeded";
  return status === "failed" || status === "canceled" ? "failed" : "processing";
}

function refused(reason: string, message: string): Answer<never> {
  return { kind: "no", reason, message };
}
