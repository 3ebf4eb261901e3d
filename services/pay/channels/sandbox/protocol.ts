import { z } from "zod";

/** The header that names the merchant in a request. */
export const APP_HEADER = "x-sandbox-app";

/** The operations a merchant may request: `POST <gateway>/<operation>`. */
export const OPERATIONS = ["prepay", "query", "close", "refund", "query-refund"] as const;
export type Operation = (typeof OPERATIONS)[number];

/** The merchant's acknowledgement of a stored notification. */
export const ACKNOWLEDGED = "success";

const number = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "must be 1 to 64 letters, digits, _ or -");
/** Minor units (fen). */
const amount = z.int().min(1).max(4_294_967_295);
const currency = z.string().regex(/^[A-Z]{3}$/, "must be an ISO 4217 code");
/** Milliseconds since the Unix epoch. */
const time = z.int().min(0);

/** The request of each operation. */
export const REQUESTS = {
  prepay: z.object({
    outTradeNo: number,
    amount,
    currency,
    subject: z.string().max(256),
    expireAt: time,
    notifyUrl: z.url({ protocol: /^https?$/ }),
  }),
  query: z.object({ outTradeNo: number }),
  close: z.object({ outTradeNo: number }),
  refund: z.object({ outTradeNo: number, refundNo: number, amount, currency, total: amount }),
  "query-refund": z.object({ outTradeNo: number, refundNo: number }),
} as const;

/** A request of one operation. */
export type RequestOf<Name extends Operation> = z.output<(typeof REQUESTS)[Name]>;

const paidTrade = z.object({
  state: z.literal("paid"),
  tradeNo: z.string().min(1),
  amount,
  currency,
  fee: z.int().min(0),
  paidAt: time,
});
const closedTrade = z.object({ state: z.literal("closed") });
const tradeState = z.union([paidTrade, z.object({ state: z.enum(["open", "closed", "absent"]) })]);
const refundState = z
  .object({
    state: z.enum(["processing", "stuck", "succeeded", "failed", "absent"]),
    channelRefundNo: z.string().min(1).optional(),
  })
  .transform(({ state, channelRefundNo }) => ({
    state,
    ...(channelRefundNo !== undefined && { channelRefundNo }),
  }));

/** The members of each operation's positive answer beside `code: "OK"`. */
export const ANSWERS = {
  prepay: z.object({ credential: z.string().min(1) }),
  query: z.object({ trade: tradeState }),
  close: z.object({ trade: z.union([paidTrade, closedTrade]) }),
  refund: z.object({ refund: refundState }),
  "query-refund": z.object({ refund: refundState }),
} as const;

/** A positive answer of one operation. */
export type AnswerOf<Name extends Operation> = z.output<(typeof ANSWERS)[Name]>;

/** The code of a positive answer; any other one is a refusal. */
export const OK = "OK";

/** A trade as the bank reports it. */
export type SandboxTrade = z.output<typeof tradeState>;
export type PaidSandboxTrade = z.output<typeof paidTrade>;

/** A refusal: nothing happened, and a retry gets the same answer. */
export const refusal = z.object({ code: z.string().regex(/^[A-Z_]{1,64}$/), message: z.string() });

/** The members of every answer. */
export const answerHead = refusal.partial();

/** A notification of the bank's. `id` is the same for every delivery of one event. */
export const notification = z.union([
  z.object({ id: z.string().min(1).max(64), outTradeNo: number, trade: tradeState }),
  z.object({ id: z.string().min(1).max(64), outTradeNo: number, refundNo: number, refund: refundState }),
]);

/** A notification before it is encoded. */
export type Notification = z.output<typeof notification>;

/** Parses JSON from bytes; undefined if they hold none. */
export function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString("utf8"));
  } catch {
    return undefined;
  }
}

/** A message as bytes. */
export function writeJson(message: object): Uint8Array {
  return Buffer.from(JSON.stringify(message));
}
