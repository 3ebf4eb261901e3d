import { invalidArgument } from "@mall/kit/errors";
import type { Channel, PayProduct } from "../channels/channel.ts";
import type { PayAttempt, PayAttemptRow } from "../model/pay-attempt-model.ts";
import type { ServiceContext } from "../rpc/context.ts";
import type { PrepayRequest } from "../rpc/gen/pay.ts";

/** How a buyer pays an attempt: what its channel is asked for, and the attempt keeps. Empty texts: not said. */
export interface PayWay {
  readonly product: PayProduct;
  readonly payerId: string;
  readonly returnUrl: string;
}

/**
 * The channel that a client asks for.
 *
 * @throws AppError INVALID_ARGUMENT naming the field.
 */
export function channelAsked({ channels }: Pick<ServiceContext, "channels">, name: string): Channel {
  const channel = channels.get(name);
  if (channel !== undefined) return channel;
  const known = [...channels.keys()].join(", ");
  throw invalidArgument(
    "channel",
    known === "" ? "must name a channel, and none is configured" : `must be one of ${known}`,
  );
}

/**
 * The way that a client asks for; the channel's own first where it does not say.
 *
 * @throws AppError INVALID_ARGUMENT naming the field.
 */
export function wayAsked(
  context: Pick<ServiceContext, "returnOrigins">,
  { name, products }: Pick<Channel, "name" | "products">,
  request: PrepayRequest,
): PayWay {
  const { payerId = "", returnUrl = "" } = request;
  const product = products.find((each) => each === (request.product ?? products[0]));
  if (product === undefined)
    throw invalidArgument("product", `of ${name} must be one of ${products.join(", ")}`);
  if (product === "jsapi" && payerId === "") throw invalidArgument("payerId", "must say who pays by jsapi");
  demandRegistered(context, returnUrl);
  return { product, payerId, returnUrl };
}

/**
 * An address that everybody reads alike: browsers take `\` for `/`, pass over a tab and want no `//`, where whoever
 * the channel has read it sees another host.
 */
const PLAIN_URL = /^https?:\/\/[^\s\p{Cc}\\@/?#]+(?:[/?#][^\s\p{Cc}\\]*)?$/iu;

/**
 * Lets only an address pass that buyers may be sent to after a payment, or none: one that leads anywhere else would lend
 * the channel's page to whoever makes it.
 *
 * @throws AppError INVALID_ARGUMENT returnUrl.
 */
export function demandRegistered(
  { returnOrigins }: Pick<ServiceContext, "returnOrigins">,
  returnUrl: string,
): void {
  if (returnUrl === "") return;
  const { origin, href } = URL.parse(returnUrl) ?? { origin: "", href: "" };
  // A `blob:` address has the origin of who made it, and one with a user's name before its host looks like another's.
  if (PLAIN_URL.test(returnUrl) && returnOrigins.has(origin) && href.startsWith(`${origin}/`)) return;
  throw invalidArgument(
    "returnUrl",
    "must begin with one of Channels.ReturnOrigins of the pay rpc, and hold no space and no backslash",
  );
}

/** Who is given what can be used no longer than this could hardly use it, milliseconds. */
const USE_MS_MIN = 60_000;

/** Whether what a buyer was given for an attempt can still be used. */
export function isStillGood(
  { credentialMs = {} }: Pick<Channel, "credentialMs">,
  { product, createTime }: Pick<PayAttemptRow, "product" | "createTime">,
  now: number,
): boolean {
  const lifeMs = new Map(Object.entries(credentialMs)).get(product);
  return lifeMs === undefined || now + USE_MS_MIN < createTime.getTime() + lifeMs;
}

/** Whether what a buyer was given for an attempt serves this way as well. */
export function isPaidSo(attempt: PayAttempt, { product, payerId, returnUrl }: PayWay): boolean {
  return (
    // One that a version before this opened does not say, and is the only one its channel had.
    (attempt.product === product || attempt.product === "") &&
    attempt.payerId === payerId &&
    attempt.returnUrl === returnUrl
  );
}
