import { secret } from "@mall/kit/config";
import { z } from "zod";
import { accountName, accountsOf } from "../accounts/account-name.ts";
import { validity } from "../accounts/valid-keys.ts";

/** The name of the channel; the names of further accounts start with it. */
const STRIPE = "stripe";

const url = z.url({ protocol: /^https?$/, error: "must be an http or https address" });

const secretKey = z
  .string()
  .regex(
    /^(sk|rk)_(live|test)_[A-Za-z0-9_]{8,240}$/,
    "must be a secret or restricted key, sk_live_…, sk_test_…, rk_live_… or rk_test_…",
  );

const webhookSecret = z
  .string()
  .regex(/^whsec_[!-~]{8,240}$/, "must be the signing secret of a webhook endpoint, whsec_…");

/** Whether a key moves real money; must match the `livemode` of Stripe's objects. */
export function isLive(key: string): boolean {
  return /^.._live_/.test(key);
}

/** An account's keys, from its block or from the file that `KeysFile` names. */
export const stripeKeys = z.object({
  /** Of the valid keys, the one whose period began last is used. */
  SecretKeys: z
    .array(z.object({ ...validity, Key: secret(secretKey) }))
    .min(1, "must name a key at least")
    .refine(
      (keys) => new Set(keys.map(({ Key }) => isLive(Key))).size <= 1,
      "must all be of live mode, or all of test mode",
    ),
  /** The secrets of all endpoints that post here; both secrets while one is being rolled. */
  WebhookSecrets: z
    .array(z.object({ ...validity, Secret: secret(webhookSecret) }))
    .min(1, "must name a secret at least"),
});

export type StripeKeys = z.output<typeof stripeKeys>;

const stripeAccount = z.object({
  Name: accountName(STRIPE),
  /** The base URL of Stripe's API, or of a simulator, without a trailing slash. */
  Gateway: url
    .refine((address) => !address.endsWith("/"), "must not end with a slash")
    .default("https://api.stripe.com"),
  Keys: stripeKeys.optional(),
  KeysFile: z.string().min(1, "must be the path of a file").optional(),
  /** Where Checkout sends a buyer's browser after the payment, if the prepay does not say. */
  SuccessUrl: url,
  /** Where Checkout sends a buyer who cancels; absent: Checkout shows no way back. */
  CancelUrl: url.optional(),
});

/** The accounts at Stripe. */
export const stripeConfig = accountsOf(stripeAccount);

export type StripeAccount = z.output<typeof stripeAccount>;
