import type { Call } from "@mall/kit/call";
import type { z } from "zod";
import type { Answer, PaidTrade, TradeRef } from "../channel.ts";
import { followed, isSession, pathOf, readTrade, refOf } from "./find-trade.ts";
import { intentObject, sessionObject } from "./objects.ts";
import { badAnswer, type StripeClient } from "./stripe-client.ts";
import { checkOurs, type StripeTrade, stateOf } from "./trade.ts";

type Closed = { readonly state: "closed" | "absent" } | PaidTrade;

/**
 * Expires a Checkout page, or cancels an intent.
 *
 * A trade that Stripe does not know is `absent`: its opening may still be under way. Nobody can pay it, since buyers
 * get their credential only after the opening was answered; here it ends when it expires.
 *
 * @param now distinguishes this try. With a key made of the number alone, Stripe would repeat a refusal for a day even
 * after its cause is gone. Closing twice is harmless.
 */
export async function closeTrade(
  client: StripeClient,
  call: Call,
  { trade, now }: { readonly trade: TradeRef; readonly now: number },
): Promise<Answer<Closed>> {
  const { outTradeNo } = trade;
  const found = await refOf(client, call, trade);
  if (found.kind !== "yes") return found;
  const ref = found.value;
  if (ref === undefined) return { kind: "yes", value: { state: "absent" } };
  const schema: z.ZodType<StripeTrade> = isSession(ref) ? sessionObject : intentObject;
  const path = `${pathOf(ref)}/${isSession(ref) ? "expire" : "cancel"}`;
  const answer = await client.post(call, path, { form: {}, key: `close-${outTradeNo}-${now}` }, schema);
  if (answer.kind === "no") return insteadOfClosed(client, call, { outTradeNo, ref, refusal: answer });
  return followed(answer, ({ object }) => {
    checkOurs(object, { outTradeNo, isLive: client.isLive, id: ref });
    if (stateOf(object).state !== "closed") throw badAnswer("it is not closed");
    return { state: "closed" };
  });
}

/** Stripe refuses to close what is closed, paid or being paid. */
async function insteadOfClosed(
  client: StripeClient,
  call: Call,
  {
    outTradeNo,
    ref,
    refusal,
  }: { readonly outTradeNo: string; readonly ref: string; readonly refusal: Answer<never> },
): Promise<Answer<Closed>> {
  const state = followed(await readTrade(client, call, { outTradeNo, ref }), stateOf);
  if (state.kind !== "yes") return state;
  const { value } = state;
  if (value.state === "paid") return { kind: "yes", value };
  return value.state === "closed" ? { kind: "yes", value: { state: "closed" } } : refusal;
}
