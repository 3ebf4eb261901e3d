import type { Call } from "@mall/kit/call";
import type { Answer, DisputeMove, DisputeState } from "../channel.ts";
import { fromStripe } from "./currencies.ts";
import { followed } from "./find-trade.ts";
import { type Dispute, disputeId, disputeObject, OUR_TRADE, ourNumber } from "./objects.ts";
import { badAnswer, type StripeClient } from "./stripe-client.ts";

/** States in which a dispute takes no answer any more; an inquiry (`warning`) never became one. */
const DISPUTES_OVER = ["won", "lost", "warning_closed", "prevented"];

/** Its trade names the payment. */
const EXPANDED = { expand: ["payment_intent"] };

/** The meaning of a dispute's `status`. */
export function isDisputeOver(status: string | null | undefined): boolean {
  return DISPUTES_OVER.includes(status ?? "");
}

/** A dispute as Stripe has it now, with all that it has moved in the account's balance. */
export async function findDispute(
  client: StripeClient,
  call: Call,
  disputeNo: string,
): Promise<Answer<DisputeState>> {
  if (!disputeId.safeParse(disputeNo).success)
    return { kind: "unknown", cause: badAnswer("its dispute has no number") };
  const answer = await client.get(call, `/v1/disputes/${disputeNo}`, EXPANDED, disputeObject);
  return followed(answer, (dispute) => {
    if (dispute.id !== disputeNo) throw badAnswer("it is another dispute");
    if (dispute.livemode !== client.isLive) throw badAnswer("it is of another mode than the account's key");
    return stateOf(dispute);
  });
}

function stateOf(dispute: Dispute): DisputeState {
  const { payment_intent: intent } = dispute;
  return {
    outTradeNo: ourNumber(intent, OUR_TRADE) ?? "",
    tradeNo: intent.id,
    isOver: isDisputeOver(dispute.status),
    currency: dispute.currency.toUpperCase(),
    moves: dispute.balance_transactions.map((move) => moveOf(dispute, move)),
  };
}

type Booked = Dispute["balance_transactions"][number];

/** @throws AppError BAD_ANSWER for an impossible amount. */
function moveOf(dispute: Dispute, booked: Booked): DisputeMove {
  const [amount, fee] = [booked.amount, booked.fee].map((theirs) => inPaymentsMoney(dispute, booked, theirs));
  if (amount === undefined || fee === undefined) throw badAnswer("its currency has no such amount");
  return { moveNo: booked.id, amount, fee };
}

/**
 * An amount that Stripe has booked in the currency of the account's settlement, in minor units of the payment's: where
 * these differ, it is the same part of what is disputed as it is of what was withdrawn for it.
 */
function inPaymentsMoney(dispute: Dispute, { currency }: Booked, theirs: number): number | undefined {
  const own = dispute.currency.toUpperCase();
  if (currency === dispute.currency) return fromStripe(theirs, own);
  const withdrawn = dispute.balance_transactions.find(
    (each) => each.amount < 0 && each.currency === currency,
  );
  const disputed = fromStripe(dispute.amount, own);
  if (withdrawn === undefined || disputed === undefined) return undefined;
  return exchanged(theirs, { from: -withdrawn.amount, to: disputed });
}

/** Half a unit counts as one; in whole numbers, as a quotient of two has no float that is just it. */
function exchanged(amount: number, rate: { readonly from: number; readonly to: number }): number {
  const [all, part] = [2n * BigInt(rate.from), 2n * BigInt(Math.abs(amount)) * BigInt(rate.to)];
  return Math.sign(amount) * Number((part + BigInt(rate.from)) / all);
}
