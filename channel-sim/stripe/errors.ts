/** What Stripe refuses, in its own shape. */
export class StripeError extends Error {
  readonly status: number;
  readonly error: Readonly<Record<string, unknown>>;
  /** `kept`: what was changed stays. `unstored`: nothing was begun, so that a key may come with other parameters. */
  readonly effect: "none" | "kept" | "unstored";

  constructor(
    status: number,
    error: Readonly<Record<string, unknown>> & { readonly message: string },
    effect: StripeError["effect"] = "none",
  ) {
    super(error.message);
    this.status = status;
    this.error = error;
    this.effect = effect;
  }
}

function invalid(
  status: number,
  message: string,
  more: object = {},
  effect: StripeError["effect"] = "none",
): StripeError {
  return new StripeError(status, { type: "invalid_request_error", message, ...more }, effect);
}

/**
 * Texts are not Stripe's to the letter. That the same key with other parameters is 400 and a twin in flight 409 is
 * known from documents only.
 */
export const stripeErrors = {
  parameter: (param: string, message: string, code?: string) =>
    invalid(400, message, { param, ...(code && { code }) }, "unstored"),
  key: () => invalid(401, "Invalid API Key provided"),
  version: (version: string) => invalid(400, `Invalid Stripe API version: ${version}`),
  contentType: () => invalid(400, "Content-Type must be application/x-www-form-urlencoded"),
  path: (method: string, path: string) => invalid(404, `Unrecognized request URL (${method}: ${path})`),
  absent: (object: string, id: string, param = "id") =>
    invalid(404, `No such ${object}: '${id}'`, { code: "resource_missing", param }),
  state: (message: string, more: object = {}) =>
    invalid(400, message, { code: "payment_intent_unexpected_state", ...more }),
  refunded: (message: string) => invalid(400, message, { code: "charge_already_refunded" }),
  disputed: (message: string) => invalid(400, message, { code: "charge_disputed" }),
  session: (message: string) => invalid(400, message),
  dispute: (message: string) => invalid(400, message),
  expand: (name: string) => invalid(400, `This property cannot be expanded (${name}).`, { param: "expand" }),
  otherParameters: () =>
    new StripeError(400, {
      type: "idempotency_error",
      message:
        "Keys for idempotent requests can only be used with the same parameters they were first used with",
    }),
  inFlight: () =>
    new StripeError(409, {
      type: "idempotency_error",
      code: "idempotency_key_in_use",
      message: "There is currently another in-progress request using this Idempotency-Key",
    }),
  tooOften: () =>
    new StripeError(429, {
      type: "invalid_request_error",
      code: "rate_limit",
      message: "Request rate limit exceeded",
    }),
  own: () => new StripeError(500, { type: "api_error", message: "An unknown error occurred" }),
  refundRefused: () =>
    invalid(400, "Insufficient funds in your Stripe balance to refund this amount", {
      code: "balance_insufficient",
    }),
} as const;
