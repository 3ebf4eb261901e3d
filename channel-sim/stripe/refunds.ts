import { bookBalance } from "./balance.ts";
import { stripeErrors } from "./errors.ts";
import type { Charge, Refund } from "./objects.ts";
import type { RequestOf } from "./requests.ts";
import type { Unit } from "./unit.ts";

/** How long a refund is pending whose card says so. */
const PENDING_MS = 5_000;

/**
 * A refund, of the rest unless told otherwise.
 *
 * @throws StripeError
 */
export async function createRefund(unit: Unit, request: RequestOf<"createRefund">): Promise<Refund> {
  const charge = await chargeOf(unit, request);
  const rest = charge.amount_captured - charge.amount_refunded;
  if (rest === 0) throw stripeErrors.refunded(`Charge ${charge.id} has already been refunded.`);
  if (charge.sim.isWithdrawn === true)
    throw stripeErrors.disputed(`Charge ${charge.id} has been charged back.`);
  const { amount = rest, reason } = request;
  if (amount > rest) {
    const message = `Refund amount (${amount}) is greater than unrefunded amount on charge (${rest})`;
    throw stripeErrors.parameter("amount", message, "amount_too_large");
  }
  const { status, settleAt, outcome } = courseOf(unit, charge);
  const id = unit.newId("re");
  const currency = charge.currency;
  const entry = { fee: 0, source: id, currency };
  const booked = bookBalance(unit, { ...entry, amount: -amount, type: "refund" });
  const failure =
    outcome === "failed"
      ? bookBalance(unit, { ...entry, amount, type: "refund_failure", toldAt: settleAt })
      : undefined;
  const refund = unit.put({
    id,
    object: "refund" as const,
    amount,
    balance_transaction: booked.id,
    charge: charge.id,
    created: unit.seconds,
    currency,
    metadata: request.metadata,
    payment_intent: charge.payment_intent,
    reason: reason ?? null,
    status,
    sim: { account: unit.account.id, settleAt, outcome, failureEntry: failure?.id },
  });
  // A refund that will fail leaves the money where it is.
  const amount_refunded = charge.amount_refunded + (outcome === "failed" ? 0 : amount);
  const changed = unit.put({
    ...charge,
    amount_refunded,
    refunded: amount_refunded === charge.amount_captured,
  });
  unit.emit("refund.created", refund);
  unit.emit("charge.refunded", changed);
  if (status !== outcome)
    unit.emit(outcome === "failed" ? "refund.failed" : "refund.updated", refund, settleAt);
  return refund;
}

async function chargeOf(unit: Unit, { payment_intent, charge }: RequestOf<"createRefund">): Promise<Charge> {
  if (charge !== undefined) return unit.demand("charge", charge, "charge");
  if (payment_intent === undefined) {
    throw stripeErrors.parameter(
      "payment_intent",
      "One of the following params should be provided: payment_intent or charge.",
    );
  }
  const intent = await unit.demand("payment_intent", payment_intent, "payment_intent");
  if (intent.status !== "succeeded") {
    throw stripeErrors.state(
      `This PaymentIntent (${intent.id}) does not have a successful charge to refund.`,
    );
  }
  return unit.demand("charge", intent.latest_charge ?? "");
}

/** How a refund goes that begins now: by the faults, else by the card. */
function courseOf(unit: Unit, { payment_intent, sim }: Charge) {
  const { faults, speed } = unit.core;
  const scope = { channel: "stripe", outTradeNo: payment_intent, operation: "refund" };
  const fault = faults.take(scope, "refund.refused", "refund.abnormal", "refund.slow", "refund.returned");
  if (fault?.fault === "refund.refused") throw stripeErrors.refundRefused();
  if (fault?.fault === "refund.returned")
    return { status: "succeeded" as const, settleAt: unit.now + fault.ms, outcome: "failed" as const };
  const failed = fault?.fault === "refund.abnormal" || (fault === undefined && sim.refund === "failed");
  const waits = failed || fault?.fault === "refund.slow" || (fault === undefined && sim.refund === "pending");
  const outcome = failed ? ("failed" as const) : ("succeeded" as const);
  if (!waits) return { status: outcome, settleAt: unit.now, outcome };
  const tookMs = fault !== undefined && fault.ms > 0 ? fault.ms : PENDING_MS / speed;
  return { status: "pending" as const, settleAt: unit.now + tookMs, outcome };
}
