import { readChinaTime } from "../core/china-time.ts";
import { Refusal } from "../core/sim-channel.ts";
import type { Params } from "./params.ts";
import type { PayRequest, RefundRequest } from "./requests.ts";
import { alipayErrors } from "./said.ts";
import { type AlipayRefund, type AlipayTrade, type Product, refundedOf, statusOf } from "./trade.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const CHINA_MS = 8 * 3_600_000;
/** Where the request says nothing; from documents. */
const OPEN_MS = 15 * DAY_MS;
const UNIT_MS: Readonly<Record<string, number>> = { m: MINUTE_MS, h: 60 * MINUTE_MS, d: DAY_MS };

/**
 * The trade that a request opens, or the known one where it was opened with the same request before. It exists for
 * nobody until the buyer has opened it.
 *
 * @throws AlipayError
 */
export function openTrade(
  known: AlipayTrade | undefined,
  {
    product,
    params,
    request,
  }: { readonly product: Product; readonly params: Params; readonly request: PayRequest },
  { now, tradeNo, buyerId }: { readonly now: number; readonly tradeNo: string; readonly buyerId: string },
): AlipayTrade {
  const { app_id: appId = "", notify_url: notifyUrl = "", return_url: returnUrl = "" } = params;
  const asked = JSON.stringify([appId, request.total_amount, request.subject]);
  if (known !== undefined) {
    if (known.payment !== undefined) throw alipayErrors.paid();
    if (statusOf(known, now) === "TRADE_CLOSED") throw alipayErrors.closed();
    if (known.asked !== asked) throw alipayErrors.repeated();
    return known;
  }
  const expireAt = expiryOf(request, now);
  if (expireAt <= now) throw alipayErrors.parameter("time_expire");
  return {
    outTradeNo: request.out_trade_no,
    appId,
    product,
    asked,
    subject: request.subject,
    total: request.total_amount,
    expireAt,
    notifyUrl,
    returnUrl,
    passback: request.passback_params,
    tradeNo,
    buyerId,
    closed: false,
    refunds: [],
  };
}

/** `1c` is the end of the day in China; an absolute time goes before a relative one. */
function expiryOf({ timeout_express, time_expire }: PayRequest, now: number): number {
  if (time_expire !== undefined) return readChinaTime(time_expire);
  if (timeout_express === undefined) return now + OPEN_MS;
  if (timeout_express === "1c") return (Math.floor((now + CHINA_MS) / DAY_MS) + 1) * DAY_MS - CHINA_MS;
  return now + Number.parseInt(timeout_express, 10) * (UNIT_MS[timeout_express.slice(-1)] ?? 0);
}

/** The trade as the buyer finds it who opens it: from then on it exists. */
export function scanTrade(known: AlipayTrade, now: number): AlipayTrade {
  if (known.createdAt !== undefined || now >= known.expireAt) return known;
  return { ...known, createdAt: now };
}

/**
 * The trade closed.
 *
 * @throws AlipayError
 */
export function closeTrade(known: AlipayTrade | undefined, now: number): AlipayTrade {
  if (known?.createdAt === undefined) throw alipayErrors.absent();
  if (statusOf(known, now) !== "WAIT_BUYER_PAY") throw alipayErrors.state();
  return { ...known, closed: true };
}

/**
 * The trade paid; a paid one as it is. `late`: also where it is closed.
 *
 * @throws Refusal
 */
export function payTrade(
  known: AlipayTrade | undefined,
  { total, late }: { readonly total: number | undefined; readonly late: boolean },
  now: number,
): AlipayTrade {
  if (known === undefined) throw new Refusal("TRADE_ABSENT", "no such trade");
  if (known.payment !== undefined) return known;
  if (statusOf(known, now) === "TRADE_CLOSED" && !late)
    throw new Refusal("TRADE_CLOSED", "the trade is closed");
  return {
    ...known,
    createdAt: known.createdAt ?? now,
    payment: { total: total ?? known.total, paidAt: now },
  };
}

/**
 * The trade with the refund, which it may have had before. Without a number of its own, a second refund is taken for a
 * repeat of the first.
 *
 * @throws AlipayError
 */
export function refundTrade(
  known: AlipayTrade | undefined,
  request: RefundRequest,
  course: () => Pick<AlipayRefund, "outcome" | "settleAt">,
  now: number,
): AlipayTrade {
  if (known?.createdAt === undefined) throw alipayErrors.absent();
  const { payment } = known;
  if (payment === undefined) throw alipayErrors.state();
  const outRequestNo = request.out_request_no ?? known.outTradeNo;
  const earlier = known.refunds.find((refund) => refund.outRequestNo === outRequestNo);
  // A refund that failed is tried again under its number.
  if (earlier?.outcome === "succeeded") {
    if (earlier.amount === request.refund_amount) return known;
    throw alipayErrors.refundRepeated();
  }
  if (statusOf(known, now) === "TRADE_FINISHED") throw alipayErrors.finished();
  if (refundedOf(known) + request.refund_amount > payment.total) throw alipayErrors.refundTooMuch();
  const others = known.refunds.filter((refund) => refund !== earlier);
  return { ...known, refunds: [...others, { outRequestNo, amount: request.refund_amount, ...course() }] };
}
