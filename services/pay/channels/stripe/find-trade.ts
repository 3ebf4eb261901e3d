import type { Call } from "@mall/kit/call";
import type { z } from "zod";
import type { Answer, TradeRef } from "../channel.ts";
import type { FormFields } from "./form.ts";
import { intentObject, OUR_TRADE, ourNumber, pageOf, sessionObject } from "./objects.ts";
import { badAnswer, type StripeClient } from "./stripe-client.ts";
import { checkOurs, type StripeTrade } from "./trade.ts";

/** Most that one page may hold. */
const PAGE_LENGTH = 100;
/** Pages of one list that are looked through. */
const PAGES_MAX = 20;
/** Around the moment that a trade was written down at, seconds: clocks that differ, and a minute for its opening. */
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

/** Where the objects are that a reference is one of. */
export function pathOf(ref: string): string {
  return `${(isSession(ref) ? SESSIONS : INTENTS).path}/${encodeURIComponent(ref)}`;
}

/** A trade of ours as Stripe has it now; undefined where Stripe has none. */
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

/** A trade whose id is known, with what tells its fee. */
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

/** The id of a trade: as it was opened with, or found again where the answer to its opening was lost. */
export async function refOf(
  client: StripeClient,
  call: Call,
  trade: TradeRef,
): Promise<Answer<string | undefined>> {
  if (trade.channelRef !== "") return { kind: "yes", value: trade.channelRef };
  // A page's own intent carries the number as well, so pages are looked through first.
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
 * Lists know at once what was made, which Stripe's search does not (from its documents only). What is beyond the last
 * page is taken for absent: a buyer is told how to pay only once the id has been written down here, so nobody can pay
 * a trade that has to be looked for.
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

/** The first object of a list that matches, if there is one, and whether the list was looked through to its end. */
interface Found<Item> {
  readonly item: Item | undefined;
  readonly isAll: boolean;
}

/** Looks through a list, the latest first. */
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

/** What follows of a positive answer; where that cannot be, nothing is known. */
export function followed<From, To>(answer: Answer<From>, follow: (value: From) => To): Answer<To> {
  if (answer.kind !== "yes") return answer;
  try {
    return { kind: "yes", value: follow(answer.value) };
  } catch (cause) {
    return { kind: "unknown", cause };
  }
}
