import type { Runtime } from "@mall/kit/runtime";
import type { StripeAccount } from "../stripe/account.ts";

/** An account of Stripe, which both sides know alike. */
export function makeStripe(runtime: Runtime): StripeAccount {
  const hex = (bytes: number) => Buffer.from(runtime.randomBytes(bytes)).toString("hex");
  return { id: `acct_${hex(8)}`, secretKey: `sk_test_${hex(16)}` };
}
