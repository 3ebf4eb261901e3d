import { z } from "zod";
import { stripeErrors } from "./errors.ts";
import type { FormValue } from "./form.ts";

const CURRENCIES = new Set(Intl.supportedValuesOf("currency"));
const integer = z
  .string()
  .regex(/^-?\d{1,15}$/, "Invalid integer")
  .transform(Number);
const amount = integer.pipe(z.int().min(1, "This value must be greater than or equal to 1.").max(99_999_999));
const text = z.string().max(5000);
const url = z.url({ protocol: /^https?$/, message: "Not a valid URL" });
const currency = z
  .string()
  .transform((code) => code.toLowerCase())
  .refine((code) => CURRENCIES.has(code.toUpperCase()), "Invalid currency");
const boolean = z.enum(["true", "false"]).transform((word) => word === "true");
const metadata = z.record(z.string().max(40), z.string().max(500)).default({});
const types = z.array(z.enum(["card"])).optional();
const expand = z.array(z.string()).default([]);

const confirm = {
  payment_method: text.optional(),
  return_url: url.optional(),
};

const page = {
  limit: integer.pipe(z.int().min(1).max(100)).default(10),
  starting_after: text.optional(),
  ending_before: text.optional(),
  expand,
};

const second = integer.optional();
/** When what is listed was made. */
const created = z.strictObject({ gt: second, gte: second, lt: second, lte: second }).optional();

/** What each call takes; what is not named is refused. */
export const stripeRequests = {
  nothing: z.strictObject({ expand }),
  createIntent: z.strictObject({
    amount,
    currency,
    automatic_payment_methods: z
      .strictObject({ enabled: boolean, allow_redirects: z.enum(["always", "never"]).optional() })
      .optional(),
    capture_method: z.enum(["automatic", "automatic_async", "manual"]).default("automatic_async"),
    confirm: boolean.default(false),
    description: text.optional(),
    metadata,
    payment_method_types: types,
    receipt_email: text.optional(),
    statement_descriptor_suffix: text.optional(),
    expand,
    ...confirm,
  }),
  confirmIntent: z.strictObject({ ...confirm, expand }),
  captureIntent: z.strictObject({ amount_to_capture: amount.optional(), expand }),
  cancelIntent: z.strictObject({
    cancellation_reason: z.enum(["duplicate", "fraudulent", "requested_by_customer", "abandoned"]).optional(),
    expand,
  }),
  createSession: z.strictObject({
    mode: z.enum(["payment"]),
    line_items: z
      .array(
        z.strictObject({
          quantity: integer.pipe(z.int().min(1)),
          price_data: z.strictObject({
            currency,
            unit_amount: amount,
            product_data: z.strictObject({ name: text.min(1), description: text.optional() }),
          }),
        }),
      )
      .min(1)
      .max(100),
    success_url: url.optional(),
    cancel_url: url.optional(),
    client_reference_id: z.string().max(200).optional(),
    customer_email: text.optional(),
    expires_at: integer.optional(),
    metadata,
    payment_intent_data: z.strictObject({ metadata, description: text.optional() }).optional(),
    payment_method_types: types,
    ui_mode: z.enum(["hosted_page"]).optional(),
    locale: text.optional(),
    expand,
  }),
  createRefund: z.strictObject({
    payment_intent: text.optional(),
    charge: text.optional(),
    amount: amount.optional(),
    reason: z.enum(["duplicate", "fraudulent", "requested_by_customer"]).optional(),
    metadata,
    expand,
  }),
  updateDispute: z.strictObject({
    evidence: z.record(z.string().max(64), text).default({}),
    metadata,
    submit: boolean.default(true),
    expand,
  }),
  createEndpoint: z.strictObject({
    url,
    enabled_events: z.array(text).min(1),
    api_version: text.optional(),
    description: text.optional(),
    metadata,
    expand,
  }),
  page: z.strictObject(page),
  tradePage: z.strictObject({ ...page, created }),
  balancePage: z.strictObject({
    ...page,
    created,
    currency: currency.optional(),
    source: text.optional(),
    type: text.optional(),
  }),
  refundPage: z.strictObject({ ...page, created, payment_intent: text.optional(), charge: text.optional() }),
} as const;

export type RequestOf<Name extends keyof typeof stripeRequests> = z.output<(typeof stripeRequests)[Name]>;

/**
 * Reads a call's parameters; one that came empty is unset.
 *
 * @throws StripeError that names the parameter
 */
export function readParameters<Schema extends z.ZodType>(
  form: Readonly<Record<string, FormValue>>,
  schema: Schema,
): z.output<Schema> {
  const set = Object.fromEntries(Object.entries(form).filter(([, value]) => value !== ""));
  const read = schema.safeParse(set);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  if (issue?.code === "unrecognized_keys") {
    const name = bracketed([...issue.path, issue.keys[0] ?? ""]);
    throw stripeErrors.parameter(name, `Received unknown parameter: ${name}`, "parameter_unknown");
  }
  const name = bracketed(issue?.path ?? []);
  if (issue?.code === "invalid_type" && issue.message.endsWith("undefined")) {
    throw stripeErrors.parameter(name, `Missing required param: ${name}.`, "parameter_missing");
  }
  throw stripeErrors.parameter(name, `${name}: ${issue?.message ?? "invalid"}`);
}

function bracketed(path: readonly PropertyKey[]): string {
  const [first = "", ...rest] = path.map(String);
  return first + rest.map((part) => `[${part}]`).join("");
}
