import type { Call } from "@mall/kit/call";
import type { z } from "zod";
import type { Answer, Opened, PrepayRequest } from "../channel.ts";
import type { StripeAccount } from "./config.ts";
import { toStripe } from "./currencies.ts";
import { followed, readTrade } from "./find-trade.ts";
import type { FormFields } from "./form.ts";
import { intentObject, OUR_TRADE, sessionObject } from "./objects.ts";
import { badAnswer, type StripeClient } from "./stripe-client.ts";
import { checkOurs, type StripeTrade, stateOf } from "./trade.ts";

const MINUTE_MS = 60_000;
/** The shortest lifetime of a page at Stripe, plus a minute for clocks that differ. */
const PAGE_MS_MIN = 31 * MINUTE_MS;
/** The longest is 24 hours, which is also the default. */
const PAGE_MS_MAX = 24 * 60 * MINUTE_MS - MINUTE_MS;

type Urls = Pick<StripeAccount, "SuccessUrl" | "CancelUrl">;

/** Opens a trade: a Checkout page, or an intent for a form in the shop. */
export async function openTrade(
  client: StripeClient,
  call: Call,
  { attempt, urls, now }: { readonly attempt: PrepayRequest; readonly urls: Urls; readonly now: number },
): Promise<Answer<Opened>> {
  const amount = toStripe(attempt.amount, attempt.currency);
  if (amount === undefined) return amountUnusable(attempt);
  const money = { amount, currency: attempt.currency.toLowerCase() };
  const { path, form, object } =
    attempt.product === "intent" ? intentFor(attempt, money) : pageFor(attempt, money, { urls, now });
  // The same key for every product: a number opens one trade.
  const posting = { form, key: `open-${attempt.outTradeNo}` };
  const answer = await client.post(call, path, posting, object);
  const made = followed(answer, (posted) => {
    checkMoney(posted.object, money);
    checkOurs(posted.object, { outTradeNo: attempt.outTradeNo, isLive: client.isLive });
    return posted;
  });
  if (made.kind !== "yes") return made;
  const { object: trade, isReplay } = made.value;
  return followed(isReplay ? await stillOpen(client, call, attempt.outTradeNo, trade) : yes(trade), opened);
}

interface Money {
  readonly amount: number;
  readonly currency: string;
}

interface Opening {
  readonly path: string;
  readonly form: FormFields;
  readonly object: z.ZodType<StripeTrade>;
}

function intentFor({ outTradeNo, subject }: PrepayRequest, money: Money): Opening {
  const form = {
    ...money,
    description: subject,
    metadata: { [OUR_TRADE]: outTradeNo },
    automatic_payment_methods: { enabled: true },
  };
  return { path: "/v1/payment_intents", form, object: intentObject };
}

function pageFor(
  attempt: PrepayRequest,
  { amount, currency }: Money,
  { urls, now }: { readonly urls: Urls; readonly now: number },
): Opening {
  const metadata = { [OUR_TRADE]: attempt.outTradeNo };
  const product = { name: attempt.subject };
  const form = {
    mode: "payment",
    client_reference_id: attempt.outTradeNo,
    metadata,
    payment_intent_data: { metadata, description: attempt.subject },
    line_items: [{ quantity: 1, price_data: { currency, unit_amount: amount, product_data: product } }],
    success_url: attempt.returnUrl ?? urls.SuccessUrl,
    cancel_url: urls.CancelUrl,
    expires_at: pageEnd(attempt.expireAt, now),
  };
  return { path: "/v1/checkout/sessions", form, object: sessionObject };
}

/**
 * When a page expires by itself, seconds since the Unix epoch: with the attempt if Stripe allows, which is 30 minutes
 * to 24 hours after creation. An attempt that expires earlier is closed by us, and the page's own expiry is only a
 * fallback. It is derived from the attempt's expiry, so that repeating the request a second later sends the same form.
 */
function pageEnd(expireAt: number, now: number): number | undefined {
  const end = expireAt - now >= PAGE_MS_MIN ? expireAt : expireAt + PAGE_MS_MIN;
  return end - now > PAGE_MS_MAX ? undefined : Math.floor(end / 1000);
}

function checkMoney(trade: StripeTrade, { amount, currency }: Money): void {
  const made = trade.object === "payment_intent" ? trade.amount : trade.amount_total;
  if (made !== amount || trade.currency !== currency) throw badAnswer("it is of another amount");
}

/** For a repeated key, Stripe returns the original answer, not the current state. */
async function stillOpen(
  client: StripeClient,
  call: Call,
  outTradeNo: string,
  { id: ref }: StripeTrade,
): Promise<Answer<StripeTrade>> {
  const trade = await readTrade(client, call, { outTradeNo, ref });
  const state = followed(trade, stateOf);
  if (state.kind !== "yes" || state.value.state === "open") return state.kind === "yes" ? trade : state;
  return {
    kind: "no",
    reason: "TRADE_OVER",
    message: `${ref} was opened before, and is ${state.value.state}`,
  };
}

/** @throws AppError BAD_ANSWER if it contains nothing to pay with. */
function opened(trade: StripeTrade): Opened {
  const isIntent = trade.object === "payment_intent";
  const text = isIntent ? trade.client_secret : trade.url;
  if (typeof text !== "string") throw badAnswer("there is nothing to pay with in it");
  return { credential: { kind: isIntent ? "sdk" : "url", text }, channelRef: trade.id };
}

/** What is refused here because Stripe's API cannot express it. */
export function amountUnusable({
  amount,
  currency,
}: {
  readonly amount: number;
  readonly currency: string;
}): Answer<never> {
  const message = `Stripe takes no ${amount} of the minor unit of ${currency}`;
  return { kind: "no", reason: "AMOUNT_UNUSABLE", message };
}

function yes<T>(value: T): Answer<T> {
  return { kind: "yes", value };
}
