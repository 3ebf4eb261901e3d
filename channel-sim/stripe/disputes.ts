import { bookBalance } from "./balance.ts";
import { stripeErrors } from "./errors.ts";
import type { BalanceTransaction, Charge, Dispute, DisputeKind } from "./objects.ts";
import type { RequestOf } from "./requests.ts";
import type { Unit } from "./unit.ts";

/** Minor units, whatever the currency; it is kept, however the dispute ends. */
const FEE = 1500;

/** What a buyer's bank is asked for. */
interface Demand {
  readonly kind: DisputeKind;
  /** All of the charge unless told otherwise. */
  readonly amount?: number | undefined;
}

/**
 * A dispute of a charge, whose money is taken at once; an inquiry takes none.
 *
 * @throws StripeError
 */
export function createDispute(unit: Unit, charge: Charge, { kind, amount = charge.amount }: Demand): Dispute {
  if (charge.disputed) throw stripeErrors.dispute(`Charge ${charge.id} is disputed already.`);
  const isInquiry = kind === "inquiry";
  const opened: Dispute = {
    id: unit.newId("dp"),
    object: "dispute",
    amount,
    balance_transactions: [],
    charge: charge.id,
    created: unit.seconds,
    currency: charge.currency,
    evidence: {},
    is_charge_refundable: isInquiry,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason: "fraudulent",
    status: isInquiry ? "warning_needs_response" : "needs_response",
    sim: { account: unit.account.id },
  };
  const dispute = isInquiry ? opened : moved(unit, opened, { amount: -amount, fee: FEE });
  unit.put({ ...charge, disputed: true, sim: { ...charge.sim, isWithdrawn: !isInquiry } });
  unit.emit("charge.dispute.created", unit.put(dispute));
  if (!isInquiry) unit.emit("charge.dispute.funds_withdrawn", dispute);
  return dispute;
}

/**
 * The dispute as its bank has decided it: won, all that was taken comes back, but for the fee.
 *
 * @throws StripeError
 */
export async function endDispute(unit: Unit, dispute: Dispute, outcome: "won" | "lost"): Promise<Dispute> {
  if (["won", "lost", "warning_closed"].includes(dispute.status))
    throw stripeErrors.dispute(`This dispute is already ${dispute.status}.`);
  if (dispute.status === "warning_needs_response") return close(unit, dispute, "warning_closed");
  if (outcome === "lost") return close(unit, dispute, "lost");
  const won = close(unit, moved(unit, dispute, { amount: dispute.amount, fee: 0 }), "won");
  const charge = await unit.demand("charge", dispute.charge);
  unit.put({ ...charge, sim: { ...charge.sim, isWithdrawn: false } });
  unit.emit("charge.dispute.funds_reinstated", won);
  return won;
}

/** The words by which a dispute of Stripe's test mode is decided, as its documents have them. */
const DECIDING: Readonly<Record<string, "won" | "lost">> = {
  winning_evidence: "won",
  losing_evidence: "lost",
};

/**
 * Takes evidence; what is submitted goes to the bank, which decides at once where it is told how.
 *
 * @throws StripeError
 */
export async function updateDispute(
  unit: Unit,
  dispute: Dispute,
  { evidence, metadata, submit }: RequestOf<"updateDispute">,
): Promise<Dispute> {
  const told = { ...dispute, evidence: { ...dispute.evidence, ...evidence }, metadata };
  const outcome = DECIDING[told.evidence.uncategorized_text ?? ""];
  if (submit && outcome !== undefined) return endDispute(unit, told, outcome);
  const isSubmitted = submit && dispute.status === "needs_response";
  const changed = unit.put(isSubmitted ? { ...told, status: "under_review" as const } : told);
  unit.emit("charge.dispute.updated", changed);
  return changed;
}

function moved(unit: Unit, dispute: Dispute, money: Pick<BalanceTransaction, "amount" | "fee">): Dispute {
  const { id: source, currency } = dispute;
  const { sim: _, ...entry } = bookBalance(unit, { ...money, source, type: "adjustment", currency });
  return { ...dispute, balance_transactions: [...dispute.balance_transactions, entry] };
}

function close(unit: Unit, dispute: Dispute, status: Dispute["status"]): Dispute {
  const closed = unit.put({ ...dispute, status });
  unit.emit("charge.dispute.closed", closed);
  return closed;
}
