import { chinaTime } from "../core/china-time.ts";
import { yuan } from "../core/yuan.ts";
import type { AlipayAccount } from "./account.ts";

export type Product = "precreate" | "page" | "wap" | "app";

/** A trade as the simulator keeps it; amounts in fen, times in milliseconds since the Unix epoch. */
export interface AlipayTrade {
  readonly outTradeNo: string;
  readonly appId: string;
  readonly product: Product;
  /** Of the request that opened it, to tell a repeat from another trade with its number. */
  readonly asked: string;
  readonly subject: string;
  readonly total: number;
  readonly expireAt: number;
  readonly notifyUrl: string;
  readonly returnUrl: string;
  readonly passback: string;
  readonly tradeNo: string;
  readonly buyerId: string;
  /** When the buyer opened it; absent until then, and the trade exists for nobody before. */
  readonly createdAt?: number;
  readonly closed: boolean;
  readonly payment?: { readonly total: number; readonly paidAt: number };
  readonly refunds: readonly AlipayRefund[];
}

/** Its outcome is known from the start, and told from `settleAt` on. */
export interface AlipayRefund {
  readonly outRequestNo: string;
  readonly amount: number;
  readonly settleAt: number;
  readonly outcome: "succeeded" | "failed";
}

/** How long a trade may be refunded; from documents. */
const REFUNDABLE_MS = 365 * 86_400_000;

export type TradeStatus = "WAIT_BUYER_PAY" | "TRADE_SUCCESS" | "TRADE_FINISHED" | "TRADE_CLOSED";

/** What is told of a trade; one that is wholly refunded is closed as well. */
export function statusOf(trade: AlipayTrade, now: number): TradeStatus {
  const { payment } = trade;
  if (payment === undefined) return trade.closed || now >= trade.expireAt ? "TRADE_CLOSED" : "WAIT_BUYER_PAY";
  if (refundedOf(trade) >= payment.total) return "TRADE_CLOSED";
  return now - payment.paidAt > REFUNDABLE_MS ? "TRADE_FINISHED" : "TRADE_SUCCESS";
}

/** What is refunded, or about to be. */
export function refundedOf({ refunds }: AlipayTrade): number {
  return refunds
    .filter(({ outcome }) => outcome === "succeeded")
    .reduce((sum, { amount }) => sum + amount, 0);
}

/** Of the buyer; the real one hides most of it, too. */
export const LOGON_ID = "buy***@simulator.example";

/** What a query answers. */
export function queriedOf(trade: AlipayTrade, now: number): Record<string, string> {
  const { payment, tradeNo, outTradeNo, total, buyerId } = trade;
  const known = {
    buyer_logon_id: LOGON_ID,
    buyer_user_id: buyerId,
    out_trade_no: outTradeNo,
    trade_no: tradeNo,
    total_amount: yuan(payment?.total ?? total),
    trade_status: statusOf(trade, now),
  };
  if (payment === undefined) return { ...known, buyer_pay_amount: "0.00", receipt_amount: "0.00" };
  const paid = yuan(payment.total);
  return {
    ...known,
    buyer_pay_amount: paid,
    invoice_amount: paid,
    point_amount: "0.00",
    receipt_amount: paid,
    send_pay_date: chinaTime(payment.paidAt),
  };
}

/** What a refund answers; `fund_change` is Y where this very request moved money. */
export function refundedAnswer(trade: AlipayTrade, refund: AlipayRefund, first: boolean, now: number) {
  const settled = now >= refund.settleAt && refund.outcome === "succeeded";
  return {
    buyer_logon_id: LOGON_ID,
    buyer_user_id: trade.buyerId,
    fund_change: first && settled ? "Y" : "N",
    gmt_refund_pay: chinaTime(refund.settleAt),
    out_trade_no: trade.outTradeNo,
    refund_fee: yuan(refundedOf(trade)),
    send_back_fee: yuan(refund.amount),
    trade_no: trade.tradeNo,
  };
}

/** What a refund query answers: success without a status where there is no such refund, or none yet. */
export function refundQueriedOf(
  trade: AlipayTrade,
  outRequestNo: string,
  now: number,
): Record<string, string> {
  const refund = trade.refunds.find((one) => one.outRequestNo === outRequestNo);
  const known = { out_request_no: outRequestNo, out_trade_no: trade.outTradeNo, trade_no: trade.tradeNo };
  if (refund === undefined || now < refund.settleAt || refund.outcome === "failed") return known;
  return {
    ...known,
    refund_amount: yuan(refund.amount),
    refund_status: "REFUND_SUCCESS",
    total_amount: yuan(trade.payment?.total ?? 0),
    gmt_refund_pay: chinaTime(refund.settleAt),
  };
}

/** What a notification says, without what belongs to the sending; nothing of it is empty. */
export function noticeOf(
  trade: AlipayTrade,
  account: AlipayAccount,
  refund: AlipayRefund | undefined,
  now: number,
): Record<string, string> {
  const { payment, passback } = trade;
  const total = yuan(payment?.total ?? trade.total);
  return {
    app_id: account.appId,
    auth_app_id: account.appId,
    buyer_id: trade.buyerId,
    buyer_logon_id: LOGON_ID,
    buyer_pay_amount: total,
    fund_bill_list: JSON.stringify([{ amount: total, fundChannel: "ALIPAYACCOUNT" }]),
    gmt_create: chinaTime(trade.createdAt ?? now),
    ...(payment && { gmt_payment: chinaTime(payment.paidAt) }),
    invoice_amount: total,
    out_trade_no: trade.outTradeNo,
    ...(passback !== "" && { passback_params: passback }),
    point_amount: "0.00",
    receipt_amount: total,
    ...(refund && {
      gmt_refund: `${chinaTime(refund.settleAt)}.000`,
      out_biz_no: refund.outRequestNo,
      refund_fee: yuan(refundedOf(trade)),
    }),
    seller_email: account.sellerEmail,
    seller_id: account.sellerId,
    subject: trade.subject,
    total_amount: total,
    trade_no: trade.tradeNo,
    trade_status: statusOf(trade, now),
  };
}
