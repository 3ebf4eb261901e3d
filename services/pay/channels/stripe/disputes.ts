import type { Call } from "@mall/kit/call";
import type { Answer, DisputeMove, DisputeState } from "../channel.ts";
import { fromStripe } from "./currencies.ts";
import { type ExchangeRate, exchanged } from "./exchanged.ts";
import { followed } from "./find-trade.ts";
import { type Dispute, disputeId, disputeObject, OUR_TRADE, ourNumber } from "./objects.ts";
import { badAnswer, type StripeClient } from "./stripe-client.ts";

/** States in which a dispute takes no answer any more; an inquiry (`warning`) never became one. */
const DISPUTES_OVER = ["won", "lost", "warning_closed", "prevented"];

/** The trade names the payment; what was booked of the charge has the rate at which its currency was exchanged. */
const EXPANDED = { expand: ["payment_intent", "charge.balance_transaction"] };

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
    currency: intent.currency.toUpperCase(),
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

/** An amount that Stripe has booked in the currency of the account's settlement, in minor units of the payment's. */
function inPaymentsMoney(dispute: Dispute, { currency }: Booked, theirs: number): number | undefined {
  const own = dispute.payment_intent.currency;
  if (currency === own) return fromStripe(theirs, own.toUpperCase());
  const rate = rateOf(dispute, currency);
  return rate && exchanged(theirs, rate);
}

/**
 * The rate at which the dispute was withdrawn, or that of the charge where a bank disputes in another currency than that
 * which was paid in: nothing says then what the withdrawal is in the payment's.
 */
function rateOf(dispute: Dispute, settled: string): ExchangeRate | undefined {
  const { payment_intent: intent, charge, balance_transactions: moves } = dispute;
  const withdrawn = moves.find(({ amount, currency }) => amount < 0 && currency === settled);
  if (withdrawn !== undefined && dispute.currency === intent.currency)
    return rate(-withdrawn.amount, dispute);
  const { balance_transaction: booked } = charge;
  const isBookedIn = typeof booked === "object" && booked?.currency === settled;
  return isBookedIn && charge.currency === intent.currency ? rate(booked.amount, charge) : undefined;
}

/** Undefined where one of the two is no amount to reckon with. */
function rate(
  from: number | undefined,
  money: { amount: number; currency: string },
): ExchangeRate | undefined {
  const to = fromStripe(money.amount, money.currency.toUpperCase());
  return from !== undefined && from > 0 && to !== undefined ? { from, to } : undefined;
}
