import { wechatTime } from "../core/china-time.ts";

export type Product = "native" | "jsapi" | "app" | "h5";

/** What a product is called in answers and bills. */
export const TRADE_TYPES = { native: "NATIVE", jsapi: "JSAPI", app: "APP", h5: "MWEB" } as const;

/** A payment order as the simulator keeps it; amounts in fen, times in milliseconds since the Unix epoch. */
export interface WechatTrade {
  readonly outTradeNo: string;
  readonly mchid: string;
  readonly appid: string;
  readonly product: Product;
  /** Of the request that opened it, to tell a repeat from another order with its number. */
  readonly asked: string;
  readonly description: string;
  readonly attach?: string | undefined;
  readonly total: number;
  readonly expireAt: number;
  readonly notifyUrl: string;
  readonly prepayId: string;
  readonly codeUrl: string;
  /** Until when what the buyer was given last can be used. */
  readonly linkEndsAt?: number;
  readonly openid: string;
  readonly closed: boolean;
  readonly payment?: { readonly transactionId: string; readonly total: number; readonly paidAt: number };
  readonly refunds: readonly WechatRefund[];
}

/** Its outcome is known from the start, and told from `settleAt` on. */
export interface WechatRefund {
  readonly outRefundNo: string;
  readonly refundId: string;
  readonly amount: number;
  readonly reason: string;
  readonly notifyUrl: string;
  readonly createdAt: number;
  readonly settleAt: number;
  readonly outcome: "SUCCESS" | "ABNORMAL";
}

const MINUTE_MS = 60_000;

/** How long what a prepay gives the buyer can be used; from documents. */
export const LINK_MS: Readonly<Record<Product, number>> = {
  native: 120 * MINUTE_MS,
  jsapi: 120 * MINUTE_MS,
  app: 120 * MINUTE_MS,
  h5: 5 * MINUTE_MS,
};

/** Whether the buyer has something to pay with. */
export function hasLink({ linkEndsAt = Number.POSITIVE_INFINITY }: WechatTrade, now: number): boolean {
  return now < linkEndsAt;
}

const STATE_TEXTS = {
  SUCCESS: "支付成功",
  REFUND: "转入退款",
  NOTPAY: "订单未支付",
  CLOSED: "订单已关闭",
} as const;

export type TradeState = keyof typeof STATE_TEXTS;

/** What is told of an order. That one whose time is over is told as closed is known from documents only. */
export function stateOf(trade: WechatTrade, now: number): TradeState {
  if (trade.payment !== undefined) return trade.refunds.length > 0 ? "REFUND" : "SUCCESS";
  return trade.closed || now >= trade.expireAt ? "CLOSED" : "NOTPAY";
}

/** What a query answers, and a notification holds once it is decrypted. */
export function transactionOf(trade: WechatTrade, now: number): object {
  const state = stateOf(trade, now);
  const { mchid, appid, outTradeNo, attach = "", payment, openid } = trade;
  const told = {
    mchid,
    appid,
    out_trade_no: outTradeNo,
    trade_state: state,
    trade_state_desc: STATE_TEXTS[state],
    attach,
  };
  if (payment === undefined) return { ...told, amount: { total: trade.total, currency: "CNY" } };
  return {
    ...told,
    transaction_id: payment.transactionId,
    trade_type: TRADE_TYPES[trade.product],
    bank_type: "OTHERS",
    success_time: wechatTime(payment.paidAt),
    payer: { openid },
    amount: { total: payment.total, payer_total: payment.total, currency: "CNY", payer_currency: "CNY" },
  };
}

/** What the refund calls answer. */
export function refundOf(trade: WechatTrade, refund: WechatRefund, now: number): object {
  const settled = now >= refund.settleAt;
  const status = settled ? refund.outcome : "PROCESSING";
  const { amount } = refund;
  const total = trade.payment?.total ?? 0;
  return {
    refund_id: refund.refundId,
    out_refund_no: refund.outRefundNo,
    transaction_id: trade.payment?.transactionId,
    out_trade_no: trade.outTradeNo,
    channel: "ORIGINAL",
    user_received_account: "支付用户零钱",
    ...(status === "SUCCESS" && { success_time: wechatTime(refund.settleAt) }),
    create_time: wechatTime(refund.createdAt),
    status,
    funds_account: "AVAILABLE",
    amount: {
      total,
      refund: amount,
      from: [],
      payer_total: total,
      payer_refund: amount,
      settlement_refund: amount,
      settlement_total: total,
      discount_refund: 0,
      currency: "CNY",
    },
  };
}

/** What a refund's notification holds once it is decrypted; `refund_status`, where the calls say `status`. */
export function refundNoticeOf(trade: WechatTrade, refund: WechatRefund): object {
  const total = trade.payment?.total ?? 0;
  return {
    mchid: trade.mchid,
    out_trade_no: trade.outTradeNo,
    transaction_id: trade.payment?.transactionId,
    out_refund_no: refund.outRefundNo,
    refund_id: refund.refundId,
    refund_status: refund.outcome,
    ...(refund.outcome === "SUCCESS" && { success_time: wechatTime(refund.settleAt) }),
    user_received_account: "支付用户零钱",
    amount: { total, refund: refund.amount, payer_total: total, payer_refund: refund.amount },
  };
}

/** What is refunded, or about to be. */
export function refundedOf({ refunds }: WechatTrade): number {
  return refunds.filter(({ outcome }) => outcome === "SUCCESS").reduce((sum, { amount }) => sum + amount, 0);
}
