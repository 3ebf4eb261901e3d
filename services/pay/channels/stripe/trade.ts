import type { PaidTrade, TradeState } from "../channel.ts";
import { fromStripe } from "./currencies.ts";
import { exchanged } from "./exchanged.ts";
import { type Intent, OUR_TRADE, ourNumber, type Session } from "./objects.ts";
import { badAnswer } from "./stripe-client.ts";

/** What one of our trades is at Stripe. */
export type StripeTrade = Session | Intent;

/** What an object must contain to be the requested one. */
export interface Expected {
  readonly outTradeNo: string;
  readonly isLive: boolean;
  /** Its id, if known. */
  readonly id?: string;
}

/** @throws AppError BAD_ANSWER for an object of another trade, or of another mode. */
export function checkOurs(trade: StripeTrade, { outTradeNo, isLive, id = trade.id }: Expected): void {
  if (trade.id !== id) throw badAnswer("it is another object");
  if (trade.livemode !== isLive) throw badAnswer("it is of another mode than the account's key");
  if (ourNumber(trade, OUR_TRADE) !== outTradeNo) throw badAnswer("it is another payment's");
}

/** The intent that takes the money of a trade; undefined for a page on which nobody has tried to pay. */
export function intentOf(trade: StripeTrade): Intent | undefined {
  if (trade.object === "payment_intent") return trade;
  const { payment_intent: intent } = trade;
  return typeof intent === "object" && intent !== null ? intent : undefined;
}

/**
 * The state of a trade. Unknown states count as open, so that they are queried again.
 *
 * @throws AppError BAD_ANSWER for an impossible one.
 */
export function stateOf(trade: StripeTrade): TradeState {
  const intent = intentOf(trade);
  if (intent?.status === "succeeded") return paidBy(intent);
  if (trade.object === "payment_intent") return { state: isOver(trade.status) ? "closed" : "open" };
  if (trade.status === "expired") return { state: "closed" };
  if (trade.status !== "complete") return { state: "open" };
  // Completed, but the bank that was to pay later has not paid, or not yet; the page cannot be used again.
  if (intent === undefined || trade.payment_status === "paid") throw badAnswer("it is paid by nothing");
  return { state: isOver(intent.status) || intent.status === "requires_payment_method" ? "closed" : "open" };
}

function isOver(intentStatus: string): boolean {
  return intentStatus === "canceled";
}

/** @throws AppError BAD_ANSWER for an impossible amount. */
export function paidBy(intent: Intent): PaidTrade {
  const currency = intent.currency.toUpperCase();
  const amount = fromStripe(intent.amount_received, currency);
  if (amount === undefined) throw badAnswer(`${currency} has no such amount`);
  const charge = typeof intent.latest_charge === "object" ? intent.latest_charge : undefined;
  const fee = feeOf(charge?.balance_transaction, currency, amount);
  return {
    state: "paid",
    tradeNo: intent.id,
    amount,
    currency,
    ...(fee !== undefined && { fee }),
    paidAt: (charge?.created ?? intent.created) * 1000,
  };
}

/** What Stripe has booked for a charge; amounts in its unit of `currency`, that of the account's settlement. */
interface Booked {
  readonly fee: number;
  readonly currency: string;
  /** All that was charged, before the fee. */
  readonly amount?: number | undefined;
}

/**
 * The fee, in minor units of the payment's currency; unknown while it is not booked yet. Where the account is settled
 * in another currency, it is the same part of the payment as it is of the booked amount, rounded: the rate at which
 * Stripe has exchanged that very payment.
 */
export function feeOf(
  booked: string | null | undefined | Booked,
  currency: string,
  amount: number,
): number | undefined {
  if (typeof booked !== "object" || booked === null) return undefined;
  const isSame = booked.currency.toUpperCase() === currency;
  const fee = isSame ? fromStripe(booked.fee, currency) : exchangedFee(booked, amount);
  return fee !== undefined && fee >= 0 && fee <= amount ? fee : undefined;
}

function exchangedFee({ fee, amount: booked }: Booked, amount: number): number | undefined {
  if (booked === undefined || booked <= 0 || fee < 0 || fee > booked) return undefined;
  return exchanged(fee, { from: booked, to: amount });
}
