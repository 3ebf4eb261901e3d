import type { Call } from "@mall/kit/call";
import type { z } from "zod";
import type { Answer, PaidTrade, TradeRef } from "../channel.ts";
import { followed, isSession, pathOf, readTrade, refOf } from "./find-trade.ts";
import { intentObject, sessionObject } from "./objects.ts";
import { badAnswer, type StripeClient } from "./stripe-client.ts";
import { checkOurs, type StripeTrade, stateOf } from "./trade.ts";

type Closed = { readonly state: "closed" | "absent" } | PaidTrade;

/**
 * Expires a page, or cancels an intent.
 *
 * What Stripe has never heard of is `absent`: its opening may still be on the way. Nobody can pay it, as what a buyer
 * needs is told only once the opening has been answered; it ends here with its own time.
 *
 * @param now names this try: a key of the number alone would have Stripe repeat for a day that it refused once, also
 * where what was in the way is over. To close twice does nothing more.
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

/** Stripe does not close what is closed, or paid, or being paid. */
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
