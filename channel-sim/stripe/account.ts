/** An account as Stripe knows it. Its webhook endpoints are made by the API, as the real ones are. */
export interface StripeAccount {
  /** `acct_…` */
  readonly id: string;
  /** `sk_test_…` */
  readonly secretKey: string;
}

/** The version that requests may name and answers have: the one that SDKs of late 2026 pin. */
export const API_VERSION = "2026-10-28.endive";
