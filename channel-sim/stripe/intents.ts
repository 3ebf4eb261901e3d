import { bookBalance } from "./balance.ts";
import { type TestCard, testCard } from "./cards.ts";
import { createDispute } from "./disputes.ts";
import { StripeError, stripeErrors } from "./errors.ts";
import { type Charge, type PaymentIntent, told } from "./objects.ts";
import type { RequestOf } from "./requests.ts";
import type { Unit } from "./unit.ts";

/** 2.9 % and 30 minor units, whatever the currency. */
const FEE_PER_MILLE = 29;
const FEE_FIXED = 30;

/** What Stripe takes of an amount. */
export function feeOf(amount: number): number {
  return Math.round((amount * FEE_PER_MILLE) / 1000) + FEE_FIXED;
}

/** A PaymentIntent, confirmed at once where that is asked for. */
export async function createIntent(unit: Unit, request: RequestOf<"createIntent">): Promise<PaymentIntent> {
  const intent = unit.put(newIntent(unit, request));
  unit.emit("payment_intent.created", intent);
  if (!request.confirm) return intent;
  return confirmIntent(unit, intent, { card: request.payment_method, returnUrl: request.return_url });
}

export function newIntent(unit: Unit, request: RequestOf<"createIntent">): PaymentIntent {
  const id = unit.newId("pi");
  return {
    id,
    object: "payment_intent",
    amount: request.amount,
    amount_capturable: 0,
    amount_received: 0,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: request.capture_method,
    client_secret: `${id}_secret_${unit.core.hex(24)}`,
    created: unit.seconds,
    currency: request.currency,
    description: request.description ?? null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    metadata: request.metadata,
    next_action: null,
    payment_method: request.payment_method ?? null,
    payment_method_types: request.payment_method_types ?? ["card"],
    receipt_email: request.receipt_email ?? null,
    status: request.payment_method === undefined ? "requires_payment_method" : "requires_confirmation",
    sim: { account: unit.account.id, returnUrl: request.return_url ?? "" },
  };
}

/** What a confirmation brings. */
interface Confirmation {
  /** A payment method's name, or a card's number. */
  readonly card?: string | undefined;
  readonly returnUrl?: string | undefined;
  /** The buyer has confirmed at the bank. */
  readonly authenticated?: boolean;
  /** What is charged, where that is not the intent's amount. */
  readonly amount?: number | undefined;
}

/**
 * The intent paid, or waiting for the buyer.
 *
 * @throws StripeError 402 where the card is declined, which is kept nevertheless
 */
export async function confirmIntent(
  unit: Unit,
  intent: PaymentIntent,
  { card: named, returnUrl, authenticated = false, amount }: Confirmation,
): Promise<PaymentIntent> {
  if (["canceled", "succeeded", "requires_capture"].includes(intent.status)) {
    throw stateError(unit, intent, "confirm");
  }
  const method = named ?? intent.payment_method;
  if (method === null)
    throw stripeErrors.parameter("payment_method", "A payment method is needed to confirm");
  const card = testCard(method);
  if (card === undefined) throw stripeErrors.absent("PaymentMethod", method, "payment_method");
  const payment_method = method.startsWith("pm_") ? method : unit.newId("pm");
  const chosen = {
    ...intent,
    payment_method,
    sim: { ...intent.sim, returnUrl: returnUrl ?? intent.sim.returnUrl },
  };
  if (card.declined !== undefined) return decline(unit, chosen, card.declined);
  if (card.authenticate && !authenticated) return ask(unit, chosen);
  return chargeIntent(unit, chosen, card, amount ?? intent.amount);
}

/** Told as it is from now on, and refused. */
function decline(unit: Unit, intent: PaymentIntent, why: NonNullable<TestCard["declined"]>): never {
  const error = { type: "card_error", ...why };
  const failed = unit.put({
    ...intent,
    status: "requires_payment_method" as const,
    payment_method: null,
    next_action: null,
    last_payment_error: error,
  });
  unit.emit("payment_intent.payment_failed", failed);
  throw new StripeError(402, { ...error, payment_intent: told(failed, unit.now) }, "kept");
}

/** The buyer has to go to its bank, which is a page of the simulator. */
function ask(unit: Unit, intent: PaymentIntent): PaymentIntent {
  const url = `${unit.core.publicUrl()}/simulator/pay/stripe/${intent.id}`;
  const redirect_to_url = { url, return_url: intent.sim.returnUrl || null };
  const next_action = { type: "redirect_to_url", redirect_to_url };
  const waiting = unit.put({ ...intent, status: "requires_action" as const, next_action });
  unit.emit("payment_intent.requires_action", waiting);
  return waiting;
}

/** The money of a confirmed intent, held; with the intent's metadata, as Stripe copies it. */
export function newCharge(unit: Unit, intent: PaymentIntent, card: TestCard, amount: number): Charge {
  return {
    id: unit.newId("ch"),
    object: "charge",
    amount,
    amount_captured: 0,
    amount_refunded: 0,
    balance_transaction: null,
    captured: false,
    created: unit.seconds,
    currency: intent.currency,
    disputed: false,
    livemode: false,
    metadata: intent.metadata,
    paid: true,
    payment_intent: intent.id,
    payment_method_details: { type: "card", card: { brand: card.brand, last4: card.last4, country: "US" } },
    refunded: false,
    status: "succeeded",
    sim: { account: unit.account.id, refund: card.refund, dispute: card.dispute },
  };
}

function chargeIntent(unit: Unit, intent: PaymentIntent, card: TestCard, amount: number): PaymentIntent {
  const charge = newCharge(unit, intent, card, amount);
  const paid = { ...intent, latest_charge: charge.id, last_payment_error: null, next_action: null };
  if (intent.capture_method !== "manual") return settle(unit, paid, charge, amount);
  unit.put(charge);
  const held = unit.put({ ...paid, status: "requires_capture" as const, amount_capturable: amount });
  unit.emit("payment_intent.amount_capturable_updated", held);
  return held;
}

/**
 * The held money taken, all of it unless told otherwise.
 *
 * @throws StripeError
 */
export async function captureIntent(
  unit: Unit,
  intent: PaymentIntent,
  amount = intent.amount_capturable,
): Promise<PaymentIntent> {
  if (intent.status !== "requires_capture") throw stateError(unit, intent, "capture");
  if (amount > intent.amount_capturable) {
    throw stripeErrors.parameter("amount_to_capture", "is more than can be captured", "amount_too_large");
  }
  return settle(unit, intent, await unit.demand("charge", intent.latest_charge ?? ""), amount);
}

/** Money is taken: the charge has its entry in the balance, and the intent has succeeded. */
function settle(unit: Unit, intent: PaymentIntent, charge: Charge, amount: number): PaymentIntent {
  const fee = feeOf(amount);
  const { id: source, currency } = charge;
  const { id: balance_transaction } = bookBalance(unit, { amount, fee, source, type: "charge", currency });
  const captured = unit.put({ ...charge, captured: true, amount_captured: amount, balance_transaction });
  const succeeded = unit.put({
    ...intent,
    status: "succeeded" as const,
    amount_received: amount,
    amount_capturable: 0,
  });
  unit.emit("charge.succeeded", captured);
  unit.emit("payment_intent.succeeded", succeeded);
  if (captured.sim.dispute !== undefined) createDispute(unit, captured, { kind: captured.sim.dispute });
  return succeeded;
}

/**
 * The intent canceled.
 *
 * @throws StripeError
 */
export function cancelIntent(unit: Unit, intent: PaymentIntent, reason: string | undefined): PaymentIntent {
  if (["canceled", "succeeded"].includes(intent.status)) throw stateError(unit, intent, "cancel");
  const canceled = unit.put({
    ...intent,
    status: "canceled" as const,
    amount_capturable: 0,
    next_action: null,
    canceled_at: unit.seconds,
    cancellation_reason: reason ?? null,
  });
  unit.emit("payment_intent.canceled", canceled);
  return canceled;
}

function stateError(unit: Unit, intent: PaymentIntent, verb: string): StripeError {
  const message = `You cannot ${verb} this PaymentIntent because it has a status of ${intent.status}.`;
  return stripeErrors.state(message, { payment_intent: told(intent, unit.now) });
}
