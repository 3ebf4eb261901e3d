import type { Call } from "@mall/kit/call";
import type { z } from "zod";
import type { Answer, TradeRef } from "../channel.ts";
import type { FormFields } from "./form.ts";
import { intentObject, OUR_TRADE, ourNumber, pageOf, sessionObject } from "./objects.ts";
import { badAnswer, type StripeClient } from "./stripe-client.ts";
import { checkOurs, type StripeTrade } from "./trade.ts";

/** The largest page size Stripe allows. */
const PAGE_LENGTH = 100;
/** How many pages of a list are searched. */
const PAGES_MAX = 20;
/** Tolerance around the time the attempt was stored, seconds: for clocks that differ, and a minute for the opening. */
const BEFORE = 300;
const AFTER = 360;

const SESSIONS = {
  path: "/v1/checkout/sessions",
  object: sessionObject,
  expand: ["payment_intent.latest_charge.balance_transaction"],
};
const INTENTS = {
  path: "/v1/payment_intents",
  object: intentObject,
  expand: ["latest_charge.balance_transaction"],
};

/** Whether a trade is paid on a page of Stripe's. */
export function isSession(ref: string): boolean {
  return ref.startsWith("cs_");
}

/** The collection that a reference's object belongs to. */
export function pathOf(ref: string): string {
  return `${(isSession(ref) ? SESSIONS : INTENTS).path}/${encodeURIComponent(ref)}`;
}

/** One of our trades as Stripe has it now; undefined if Stripe has none. */
export async function findTrade(
  client: StripeClient,
  call: Call,
  trade: TradeRef,
): Promise<Answer<StripeTrade | undefined>> {
  const ref = await refOf(client, call, trade);
  if (ref.kind !== "yes") return ref;
  if (ref.value === undefined) return { kind: "yes", value: undefined };
  return readTrade(client, call, { outTradeNo: trade.outTradeNo, ref: ref.value });
}

/** A trade with a known id, expanded with what determines its fee. */
export async function readTrade(
  client: StripeClient,
  call: Call,
  { outTradeNo, ref }: { readonly outTradeNo: string; readonly ref: string },
): Promise<Answer<StripeTrade>> {
  const { expand, object } = isSession(ref) ? SESSIONS : INTENTS;
  const schema: z.ZodType<StripeTrade> = object;
  return followed(await client.get(call, pathOf(ref), { expand }, schema), (found) => {
    checkOurs(found, { outTradeNo, isLive: client.isLive, id: ref });
    return found;
  });
}

/** The id of a trade: as returned when it was opened, or found again if that answer was lost. */
export async function refOf(
  client: StripeClient,
  call: Call,
  trade: TradeRef,
): Promise<Answer<string | undefined>> {
  if (trade.channelRef !== "") return { kind: "yes", value: trade.channelRef };
  // A page's own intent carries the number as well, so search the pages first.
  const session = await search(client, call, { ...SESSIONS, trade });
  return session.kind !== "yes" || session.value !== undefined
    ? session
    : search(client, call, { ...INTENTS, trade });
}

interface Search {
  readonly path: string;
  readonly object: typeof sessionObject | typeof intentObject;
  readonly trade: TradeRef;
}

/**
 * Lists contain new objects at once, unlike Stripe's search (according to its documents). What is not found up to the
 * last page is taken as absent: a buyer gets the credential only after the id was stored here, so a trade that has to
 * be searched for cannot have been paid.
 */
async function search(
  client: StripeClient,
  call: Call,
  { path, object, trade }: Search,
): Promise<Answer<string | undefined>> {
  const began = Math.floor(trade.beganAt / 1000);
  const created = { gte: began - BEFORE, lte: began + AFTER };
  const schema: z.ZodType<StripeTrade> = object;
  const found = await findInPages(client, call, {
    ...{ path, query: { created }, schema },
    matches: (each) => ourNumber(each, OUR_TRADE) === trade.outTradeNo,
  });
  return followed(found, ({ item }) => item?.id);
}

/** The first object of a list that matches, if any, and whether the list was searched to its end. */
interface Found<Item> {
  readonly item: Item | undefined;
  readonly isAll: boolean;
}

/** Searches a list, newest first. */
export async function findInPages<Item extends { readonly id: string }>(
  client: StripeClient,
  call: Call,
  {
    path,
    query,
    schema,
    matches,
  }: {
    readonly path: string;
    readonly query: FormFields;
    readonly schema: z.ZodType<Item>;
    readonly matches: (item: Item) => boolean;
  },
): Promise<Answer<Found<Item>>> {
  let after: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const asked = { ...query, limit: PAGE_LENGTH, starting_after: after };
    const answer = await client.get(call, path, asked, pageOf(schema));
    if (answer.kind !== "yes") return answer;
    const { data, has_more: hasMore } = answer.value;
    const item = data.find(matches);
    if (item !== undefined || !hasMore) return { kind: "yes", value: { item, isAll: true } };
    after = data.at(-1)?.id;
    if (after === undefined) return { kind: "unknown", cause: badAnswer("an empty page has more after it") };
  }
  return { kind: "yes", value: { item: undefined, isAll: false } };
}

/** Maps the value of a positive answer; if that fails, the outcome is unknown. */
export function followed<From, To>(answer: Answer<From>, follow: (value: From) => To): Answer<To> {
  if (answer.kind !== "yes") return answer;
  try {
    return { kind: "yes", value: follow(answer.value) };
  } catch (cause) {
    return { kind: "unknown", cause };
  }
}
