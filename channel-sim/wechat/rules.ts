import { Refusal } from "../core/sim-channel.ts";
import type { PrepayRequest, RefundRequest } from "./requests.ts";
import { wechatErrors } from "./said.ts";
import {
  hasLink,
  LINK_MS,
  type Product,
  refundedOf,
  stateOf,
  type WechatRefund,
  type WechatTrade,
} from "./trade.ts";

const WEEK_MS = 7 * 86_400_000;
const REFUNDS_MAX = 50;
const YEAR_MS = 365 * 86_400_000;

/** What a rule may draw and ask. */
export interface Means {
  readonly now: number;
  readonly digits: (length: number) => string;
  readonly hex: (length: number) => string;
}

/**
 * The order that a prepay opens, or the known one where it was opened with the same request before: then its link can
 * be used for as long again.
 *
 * @throws WechatError
 */
export function openTrade(
  known: WechatTrade | undefined,
  product: Product,
  request: PrepayRequest,
  { now, hex }: Means,
): WechatTrade {
  const asked = JSON.stringify([product, request]);
  if (known !== undefined) {
    const state = stateOf(known, now);
    if (state === "CLOSED") throw wechatErrors.orderClosed();
    if (state !== "NOTPAY") throw wechatErrors.orderPaid();
    if (known.asked !== asked) throw wechatErrors.numberUsed();
    return { ...known, linkEndsAt: now + LINK_MS[product] };
  }
  const expireAt = request.time_expire === undefined ? now + WEEK_MS : Date.parse(request.time_expire);
  if (expireAt <= now) throw wechatErrors.parameter("time_expire 早于当前时间");
  return {
    outTradeNo: request.out_trade_no,
    mchid: request.mchid,
    appid: request.appid,
    product,
    asked,
    description: request.description,
    attach: request.attach,
    total: request.amount.total,
    expireAt,
    notifyUrl: request.notify_url,
    prepayId: `wx${hex(34)}`,
    codeUrl: product === "native" ? `weixin://wxpay/bizpayurl?pr=${hex(10)}` : "",
    linkEndsAt: now + LINK_MS[product],
    openid: request.payer?.openid ?? `o${hex(26)}`,
    closed: false,
    refunds: [],
  };
}

/**
 * The order closed, also one that is closed already.
 *
 * @throws WechatError
 */
export function closeTrade(known: WechatTrade | undefined): WechatTrade {
  if (known === undefined) throw wechatErrors.orderAbsent();
  if (known.payment !== undefined) throw wechatErrors.orderPaid();
  return { ...known, closed: true };
}

/**
 * The order paid; a paid one as it is. `late`: also where it is closed.
 *
 * @throws Refusal
 */
export function payTrade(
  known: WechatTrade | undefined,
  { total, late }: { readonly total: number | undefined; readonly late: boolean },
  { now, digits }: Means,
): WechatTrade {
  if (known === undefined) throw new Refusal("TRADE_ABSENT", "no such trade");
  if (known.payment !== undefined) return known;
  if (stateOf(known, now) === "CLOSED" && !late) throw new Refusal("TRADE_CLOSED", "the trade is closed");
  if (!hasLink(known, now) && !late)
    throw new Refusal("LINK_EXPIRED", "what the buyer was given cannot be used any more");
  const payment = { transactionId: `4200${digits(24)}`, total: total ?? known.total, paidAt: now };
  return { ...known, payment };
}

/** How a new refund goes. */
export interface RefundCourse {
  readonly outcome: WechatRefund["outcome"];
  readonly settleAt: number;
}

/**
 * The order with the refund, which it may have had before.
 *
 * @throws WechatError
 */
export function refundTrade(
  known: WechatTrade | undefined,
  request: RefundRequest,
  course: () => RefundCourse,
  { now, digits }: Means,
): WechatTrade {
  if (known === undefined) throw wechatErrors.refundAbsent();
  const { payment } = known;
  if (payment === undefined) throw wechatErrors.invalid("订单未支付");
  const { amount } = request;
  const earlier = known.refunds.find(({ outRefundNo }) => outRefundNo === request.out_refund_no);
  if (earlier !== undefined) {
    if (earlier.amount === amount.refund && payment.total === amount.total) return known;
    throw wechatErrors.invalid("订单金额或退款金额与之前请求不一致，请核实后再试");
  }
  if (payment.total !== amount.total) throw wechatErrors.invalid("订单金额与原支付请求不一致");
  if (refundedOf(known) + amount.refund > payment.total)
    throw wechatErrors.invalid("申请退款金额超过可退金额");
  if (known.refunds.length >= REFUNDS_MAX) throw wechatErrors.invalid("退款次数超过上限");
  if (now - payment.paidAt > YEAR_MS) throw wechatErrors.invalid("订单超过可退款期限");
  const refund: WechatRefund = {
    outRefundNo: request.out_refund_no,
    refundId: `5030${digits(24)}`,
    amount: amount.refund,
    reason: request.reason,
    notifyUrl: request.notify_url ?? "",
    createdAt: now,
    ...course(),
  };
  return { ...known, refunds: [...known.refunds, refund] };
}
