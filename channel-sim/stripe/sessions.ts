import { stripeErrors } from "./errors.ts";
import { confirmIntent, createIntent } from "./intents.ts";
import { asOf, type CheckoutSession } from "./objects.ts";
import { type RequestOf, stripeRequests } from "./requests.ts";
import type { Unit } from "./unit.ts";

const DAY_S = 86_400;
const EXPIRES_S_MIN = 1_800;

/**
 * A Checkout Session, with the page on which the buyer pays.
 *
 * @throws StripeError
 */
export function createSession(unit: Unit, request: RequestOf<"createSession">): CheckoutSession {
  const { line_items, expires_at = unit.seconds + DAY_S } = request;
  const currencies = new Set(line_items.map(({ price_data }) => price_data.currency));
  const [currency = ""] = currencies;
  if (currencies.size > 1) throw stripeErrors.parameter("line_items", "All items must have one currency");
  // A minute for the way here.
  if (expires_at < unit.seconds + EXPIRES_S_MIN - 60 || expires_at > unit.seconds + DAY_S + 60) {
    throw stripeErrors.parameter("expires_at", "must be between 30 minutes and 24 hours from now");
  }
  const total = line_items.reduce(
    (sum, { quantity, price_data }) => sum + quantity * price_data.unit_amount,
    0,
  );
  const id = unit.newId("cs_test");
  return unit.put({
    id,
    object: "checkout.session" as const,
    amount_subtotal: total,
    amount_total: total,
    cancel_url: request.cancel_url ?? null,
    client_reference_id: request.client_reference_id ?? null,
    created: unit.seconds,
    currency,
    customer_email: request.customer_email ?? null,
    expires_at,
    livemode: false as const,
    metadata: request.metadata,
    mode: request.mode,
    payment_intent: null,
    payment_method_types: request.payment_method_types ?? ["card"],
    payment_status: "unpaid" as const,
    status: "open" as const,
    success_url: request.success_url ?? null,
    ui_mode: "hosted_page" as const,
    url: `${unit.core.publicUrl()}/simulator/pay/stripe/${id}`,
    sim: {
      account: unit.account.id,
      subject: line_items.map(({ price_data }) => price_data.product_data.name).join(", "),
      intent: request.payment_intent_data?.metadata ?? {},
    },
  });
}

/**
 * The session at its end, unpaid.
 *
 * @throws StripeError where it is at an end already
 */
export function expireSession(unit: Unit, kept: CheckoutSession): CheckoutSession {
  const session = asOf(kept, unit.now);
  if (session.status !== "open") {
    throw stripeErrors.session(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Session has a status of ${session.status}.`,
    );
  }
  const expired = unit.put({ ...session, status: "expired" as const, url: null });
  unit.emit("checkout.session.expired", expired);
  return expired;
}

/** The session paid, by a PaymentIntent that is made for it. */
export async function completeSession(
  unit: Unit,
  session: CheckoutSession,
  { card, amount }: { readonly card: string; readonly amount?: number | undefined },
): Promise<CheckoutSession> {
  const intent = await createIntent(unit, {
    ...stripeRequests.createIntent.parse({
      amount: String(session.amount_total),
      currency: session.currency,
    }),
    metadata: session.sim.intent,
    description: session.sim.subject,
  });
  const paid = await confirmIntent(unit, intent, { card, authenticated: true, amount });
  const complete = unit.put({
    ...session,
    status: "complete" as const,
    payment_status: "paid" as const,
    payment_intent: paid.id,
    url: null,
  });
  unit.emit("checkout.session.completed", complete);
  return complete;
}
