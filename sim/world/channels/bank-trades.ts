import type { AlipayTrade, MemoryStore, StripeObjects, WechatTrade } from "@mall/channel-sim/bank";
import type { DisputeMoveAtBank, RefundAtBank, TradeAtBank } from "../trade-at-bank.ts";
import type { BankName, ChannelAccount } from "./accounts.ts";

/** Whose trade it is, by what its bank calls the account. */
type NameOf = (bank: BankName, id: string) => string;

/** What is known at a moment. */
interface Known {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Refunds of which the mall has heard that their money came back, by number. */
  readonly returnsHeard: ReadonlySet<string>;
  /** What disputes moved that the mall has heard of, by number. */
  readonly movesHeard: ReadonlySet<string>;
}

/** Everything that the banks have taken or may take, as their records have it. */
export function readBankTrades(
  store: MemoryStore,
  accounts: readonly ChannelAccount[],
  known: Known,
): readonly TradeAtBank[] {
  const { now } = known;
  const nameOf: NameOf = (bank, id) =>
    accounts.find((account) => account.bank === bank && account.id === id)?.name ?? "";
  return [
    ...store.all<AlipayTrade>("alipay.trade").map((trade) => ofAlipay(trade, nameOf, now)),
    ...store.all<WechatTrade>("wechat.trade").map((trade) => ofWechat(trade, nameOf, now)),
    ...ofStripe(store, nameOf, known),
  ];
}

/** A code that nobody has scanned takes money as well: of whoever scans it. */
function ofAlipay(trade: AlipayTrade, nameOf: NameOf, now: number): TradeAtBank {
  const { appId, outTradeNo, expireAt, closed, payment, refunds } = trade;
  return {
    channel: nameOf("alipay", appId),
    outTradeNo,
    isOpen: payment === undefined && !closed && now < expireAt,
    payment: payment && { amount: payment.total, currency: "CNY" },
    refunds: refunds.map(({ outRequestNo, amount, settleAt, outcome }) => ({
      ...{ refundNo: outRequestNo, amount },
      outcome: now < settleAt ? "processing" : outcome,
    })),
  };
}

function ofWechat(trade: WechatTrade, nameOf: NameOf, now: number): TradeAtBank {
  const { mchid, outTradeNo, expireAt, closed, payment, refunds } = trade;
  return {
    channel: nameOf("wechat", mchid),
    outTradeNo,
    isOpen: payment === undefined && !closed && now < expireAt,
    payment: payment && { amount: payment.total, currency: "CNY" },
    refunds: refunds.map(({ outRefundNo, amount, settleAt, outcome }) => ({
      ...{ refundNo: outRefundNo, amount },
      outcome: now < settleAt ? "processing" : outcome === "SUCCESS" ? "succeeded" : "failed",
    })),
  };
}

type Intent = StripeObjects["payment_intent"];

/** Pages, and the intents that are of no page. */
function ofStripe(store: MemoryStore, nameOf: NameOf, known: Known): TradeAtBank[] {
  const sessions = store.all<StripeObjects["checkout.session"]>("stripe.checkout.session");
  const intents = new Map(store.all<Intent>("stripe.payment_intent").map((intent) => [intent.id, intent]));
  const ofPages = new Set(sessions.map(({ payment_intent }) => payment_intent));
  const pages = sessions.map((session) => ({
    ...{ object: session, intent: intents.get(session.payment_intent ?? "") },
    isOpen: session.status === "open" && known.now < session.expires_at * 1000,
  }));
  const forms = [...intents.values()]
    .filter(({ id }) => !ofPages.has(id))
    .map((intent) => ({ object: intent, intent, isOpen: intent.status.startsWith("requires_") }));
  return [...pages, ...forms].map(({ object, intent, isOpen }) => ({
    channel: nameOf("stripe", object.sim.account),
    outTradeNo: object.metadata.out_trade_no ?? "",
    isOpen,
    payment: intent && paidBy(store, intent),
    refunds: intent === undefined ? [] : refundsOf(store, intent, known),
    disputeMoves: intent === undefined ? [] : disputeMovesOf(store, intent, known),
  }));
}

function paidBy(store: MemoryStore, intent: Intent): TradeAtBank["payment"] {
  if (intent.status !== "succeeded") return undefined;
  const booked = store
    .all<StripeObjects["balance_transaction"]>("stripe.balance_transaction")
    .find(({ source }) => source === intent.latest_charge);
  return {
    amount: intent.amount_received,
    currency: intent.currency.toUpperCase(),
    fee: booked?.fee,
  };
}

function refundsOf(store: MemoryStore, intent: Intent, { now, returnsHeard }: Known): RefundAtBank[] {
  return store
    .all<StripeObjects["refund"]>("stripe.refund")
    .filter(({ payment_intent }) => payment_intent === intent.id)
    .map((refund) => {
      const refundNo = refund.metadata.refund_no ?? "";
      const outcome = outcomeOf(refund, now);
      return { refundNo, amount: refund.amount, outcome, isReturnHeard: returnsHeard.has(refundNo) };
    });
}

function disputeMovesOf(store: MemoryStore, intent: Intent, { movesHeard }: Known): DisputeMoveAtBank[] {
  return store
    .all<StripeObjects["dispute"]>("stripe.dispute")
    .filter(({ payment_intent }) => payment_intent === intent.id)
    .flatMap(({ balance_transactions }) => balance_transactions)
    .map(({ id: moveNo, amount, fee }) => ({ moveNo, amount, fee, isHeard: movesHeard.has(moveNo) }));
}

/** What it is at first stands in its status, what it comes to in the end in its outcome. */
function outcomeOf({ status, sim }: StripeObjects["refund"], now: number): RefundAtBank["outcome"] {
  if (now < sim.settleAt) return status === "pending" ? "processing" : status;
  return status === "succeeded" && sim.outcome === "failed" ? "returned" : sim.outcome;
}
