import { z } from "zod";

/**
 * The parts of Stripe's objects that are used (API version in stripe-client.ts). Unknown fields and states are
 * accepted; numbers beyond 2^53 are not, since parsing has rounded them.
 */
const amount = z.int().min(0);
const currency = z.string().regex(/^[a-z]{3}$/);
/** Seconds since the Unix epoch. */
const second = z.int().min(1).max(99_999_999_999);
/** An object's id, safe to put into a path. */
const id = (prefix: string, lengthMax: number) =>
  z
    .string()
    .max(lengthMax)
    .regex(new RegExp(`^${prefix}_[A-Za-z0-9_]+$`));
/** The id of a payment intent. */
export const intentId = id("pi", 64);
/** The id of a refund. */
export const refundId = id("(re|pyr)", 64);
/** The id of a dispute, also of an older one. */
export const disputeId = id("(dp|du)", 64);
const metadata = z.record(z.string(), z.string()).nullish();

const charge = z.object({
  created: second,
  balance_transaction: z
    .union([z.string(), z.null(), z.object({ fee: z.int(), currency, amount: z.int().optional() })])
    .optional(),
});

export const intentObject = z.object({
  object: z.literal("payment_intent"),
  id: intentId,
  amount,
  amount_received: amount,
  currency,
  created: second,
  livemode: z.boolean(),
  metadata,
  status: z.string(),
  client_secret: z.string().min(1).max(1024).nullish(),
  latest_charge: z.union([z.string(), z.null(), charge]).optional(),
});

export type Intent = z.output<typeof intentObject>;

export const sessionObject = z.object({
  object: z.literal("checkout.session"),
  id: id("cs", 128),
  amount_total: amount.nullish(),
  currency: currency.nullish(),
  livemode: z.boolean(),
  metadata,
  status: z.string().nullish(),
  payment_status: z.string(),
  payment_intent: z.union([z.string(), z.null(), intentObject]).optional(),
  url: z.url({ protocol: /^https?$/ }).nullish(),
});

export type Session = z.output<typeof sessionObject>;

export const refundObject = z.object({
  object: z.literal("refund"),
  id: refundId,
  amount,
  currency,
  metadata,
  payment_intent: z.string().nullish(),
  status: z.string().nullish(),
});

export type Refund = z.output<typeof refundObject>;

export const disputeObject = z.object({
  object: z.literal("dispute"),
  id: disputeId,
  amount,
  currency,
  livemode: z.boolean(),
  /** Both expanded. */
  payment_intent: z.object({ id: intentId, currency, metadata }),
  charge: z.object({ amount, currency, balance_transaction: charge.shape.balance_transaction }),
  status: z.string(),
  /** Withdrawals and reinstatements, in the currency of the account's settlement. */
  balance_transactions: z.array(z.object({ id: id("txn", 64), amount: z.int(), fee: z.int(), currency })),
});

export type Dispute = z.output<typeof disputeObject>;

/** A movement of the account's balance, in the currency of its settlement; its source is expanded. */
export const balanceEntry = z.object({
  object: z.literal("balance_transaction"),
  id: id("txn", 64),
  type: z.string().regex(/^[a-z_]{1,64}$/),
  amount: z.int(),
  fee: z.int(),
  currency,
  source: z
    .union([
      z.object({
        object: z.literal("charge"),
        amount,
        amount_captured: amount.optional(),
        currency,
        metadata,
        payment_intent: z.string().nullish(),
      }),
      refundObject,
      // Whatever else moves money, and what is not expanded.
      z.unknown().transform(() => undefined),
    ])
    .optional(),
});

export type BalanceEntry = z.output<typeof balanceEntry>;

/** A page of a list. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ object: z.literal("list"), data: z.array(item), has_more: z.boolean() });
}

/** A refusal. */
export const errorObject = z.object({
  error: z.object({
    type: z.string().regex(/^[a-z_]{1,64}$/),
    code: z
      .string()
      .regex(/^[a-z0-9_]{1,64}$/)
      .nullish()
      .catch(undefined),
    message: z.string().nullish().catch(undefined),
  }),
});

/** Our fields in an object's metadata. */
export const OUR_TRADE = "out_trade_no";
export const OUR_REFUND = "refund_no";

/** A number of ours from an object's metadata; undefined if it holds none, or nothing that can be one. */
export function ourNumber(
  { metadata }: { readonly metadata?: Readonly<Record<string, string>> | null | undefined },
  field: typeof OUR_TRADE | typeof OUR_REFUND,
): string | undefined {
  const number = metadata?.[field];
  return number !== undefined && /^[A-Za-z0-9_-]{1,64}$/.test(number) ? number : undefined;
}
