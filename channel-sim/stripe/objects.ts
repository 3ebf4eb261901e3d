type Metadata = Readonly<Record<string, string>>;

/** Objects are kept as the API tells them; `sim` is the simulator's own. Times in seconds, amounts in minor units. */
export interface PaymentIntent {
  readonly id: string;
  readonly object: "payment_intent";
  readonly amount: number;
  readonly amount_capturable: number;
  readonly amount_received: number;
  readonly canceled_at: number | null;
  readonly cancellation_reason: string | null;
  readonly capture_method: "automatic" | "automatic_async" | "manual";
  readonly client_secret: string;
  readonly created: number;
  readonly currency: string;
  readonly description: string | null;
  readonly last_payment_error: object | null;
  readonly latest_charge: string | null;
  readonly livemode: false;
  readonly metadata: Metadata;
  readonly next_action: object | null;
  readonly payment_method: string | null;
  readonly payment_method_types: readonly string[];
  readonly receipt_email: string | null;
  readonly status:
    | "requires_payment_method"
    | "requires_confirmation"
    | "requires_action"
    | "requires_capture"
    | "canceled"
    | "succeeded";
  readonly sim: { readonly account: string; readonly returnUrl: string };
}

export interface Charge {
  readonly id: string;
  readonly object: "charge";
  readonly amount: number;
  readonly amount_captured: number;
  readonly amount_refunded: number;
  readonly balance_transaction: string | null;
  readonly captured: boolean;
  readonly created: number;
  readonly currency: string;
  readonly disputed: boolean;
  readonly livemode: false;
  readonly metadata: Metadata;
  readonly paid: boolean;
  readonly payment_intent: string;
  readonly payment_method_details: object;
  readonly refunded: boolean;
  readonly status: "succeeded";
  readonly sim: {
    readonly account: string;
    readonly refund?: "failed" | "pending" | undefined;
    readonly dispute?: DisputeKind | undefined;
    /** A dispute has its money. */
    readonly isWithdrawn?: boolean;
  };
}

/** An inquiry moves nothing. */
export type DisputeKind = "dispute" | "inquiry";

export interface Dispute {
  readonly id: string;
  readonly object: "dispute";
  readonly amount: number;
  /** What it moved in the account's balance: taken, and given back. */
  readonly balance_transactions: readonly Omit<BalanceTransaction, "sim">[];
  readonly charge: string;
  readonly created: number;
  readonly currency: string;
  readonly evidence: Metadata;
  readonly is_charge_refundable: boolean;
  readonly livemode: false;
  readonly metadata: Metadata;
  readonly payment_intent: string;
  readonly reason: string;
  readonly status:
    | "warning_needs_response"
    | "warning_closed"
    | "needs_response"
    | "under_review"
    | "won"
    | "lost";
  readonly sim: { readonly account: string };
}

export interface Refund {
  readonly id: string;
  readonly object: "refund";
  readonly amount: number;
  readonly balance_transaction: string | null;
  readonly charge: string;
  readonly created: number;
  readonly currency: string;
  readonly metadata: Metadata;
  readonly payment_intent: string;
  readonly reason: string | null;
  readonly status: "pending" | "succeeded" | "failed";
  readonly failure_balance_transaction?: string;
  readonly failure_reason?: string;
  /** `outcome` is told from `settleAt` on, milliseconds since the Unix epoch; of a failed one, with its entry. */
  readonly sim: {
    readonly account: string;
    readonly settleAt: number;
    readonly outcome: "succeeded" | "failed";
    readonly failureEntry?: string | undefined;
  };
}

export interface CheckoutSession {
  readonly id: string;
  readonly object: "checkout.session";
  readonly amount_subtotal: number;
  readonly amount_total: number;
  readonly cancel_url: string | null;
  readonly client_reference_id: string | null;
  readonly created: number;
  readonly currency: string;
  readonly customer_email: string | null;
  readonly expires_at: number;
  readonly livemode: false;
  readonly metadata: Metadata;
  readonly mode: "payment";
  readonly payment_intent: string | null;
  readonly payment_method_types: readonly string[];
  readonly payment_status: "paid" | "unpaid";
  readonly status: "open" | "complete" | "expired";
  readonly success_url: string | null;
  readonly ui_mode: "hosted_page";
  readonly url: string | null;
  readonly sim: { readonly account: string; readonly subject: string; readonly intent: Metadata };
}

export interface BalanceTransaction {
  readonly id: string;
  readonly object: "balance_transaction";
  readonly amount: number;
  readonly available_on: number;
  readonly balance_type: "payments";
  readonly created: number;
  readonly currency: string;
  readonly description: string | null;
  readonly exchange_rate: null;
  readonly fee: number;
  readonly fee_details: readonly object[];
  readonly net: number;
  readonly reporting_category: ReportingCategory;
  readonly source: string;
  readonly status: "pending" | "available";
  readonly type: "charge" | "refund" | "refund_failure" | "adjustment";
  /** `toldAt`: from when on it is there, where it is kept before; milliseconds since the Unix epoch. */
  readonly sim: { readonly account: string; readonly toldAt?: number | undefined };
}

/** What an entry of the balance is for bookkeepers. */
export type ReportingCategory = "charge" | "refund" | "refund_failure" | "dispute" | "dispute_reversal";

export interface WebhookEndpoint {
  readonly id: string;
  readonly object: "webhook_endpoint";
  readonly api_version: string | null;
  readonly created: number;
  readonly enabled_events: readonly string[];
  readonly livemode: false;
  readonly metadata: Metadata;
  readonly status: "enabled";
  readonly url: string;
  /** The secrets that sign, the latest first. */
  readonly sim: { readonly account: string; readonly secrets: readonly string[] };
}

export interface StripeEvent {
  readonly id: string;
  readonly object: "event";
  readonly api_version: string;
  readonly created: number;
  readonly data: { readonly object: object };
  readonly livemode: false;
  readonly pending_webhooks: number;
  readonly request: { readonly id: string | null; readonly idempotency_key: string | null };
  readonly type: string;
  readonly sim: { readonly account: string };
}

/** Every kind of object, by what it is called. */
export interface StripeObjects {
  payment_intent: PaymentIntent;
  charge: Charge;
  refund: Refund;
  dispute: Dispute;
  "checkout.session": CheckoutSession;
  balance_transaction: BalanceTransaction;
  webhook_endpoint: WebhookEndpoint;
  event: StripeEvent;
}

export type StripeObject = StripeObjects[keyof StripeObjects];

/** An object as it stands at a moment: what comes by itself has come. */
export function asOf<Kept extends StripeObject>(kept: Kept, now: number): Kept {
  if (kept.object === "checkout.session" && kept.status === "open" && now >= kept.expires_at * 1000) {
    return { ...kept, status: "expired", url: null };
  }
  if (kept.object === "refund" && kept.status !== kept.sim.outcome && now >= kept.sim.settleAt) {
    const { outcome, failureEntry } = kept.sim;
    const back = failureEntry === undefined ? {} : { failure_balance_transaction: failureEntry };
    const failed = outcome === "failed" ? { failure_reason: "unknown", ...back } : {};
    return { ...kept, status: outcome, ...failed };
  }
  if (kept.object === "balance_transaction" && now >= kept.available_on * 1000) {
    return { ...kept, status: "available" };
  }
  return kept;
}

/** Whether an object is there at a moment. */
export function isThere(kept: StripeObject, now: number): boolean {
  return kept.object !== "balance_transaction" || (kept.sim.toldAt ?? 0) <= now;
}

/** An object as it is told. */
export function told(kept: StripeObject, now: number): Record<string, unknown> {
  const { sim: _, ...rest } = asOf(kept, now);
  return rest;
}
