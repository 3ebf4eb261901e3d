import { z } from "zod";
import type { PaidTrade, TradeState } from "../channel.ts";
import type { WechatAccount } from "./config.ts";
import { badAnswer, wireName, wireNumber, wireTime } from "./wire.ts";

/** The documented states; unknown ones are kept apart from them. */
const OPEN = ["NOTPAY", "USERPAYING", "PAYERROR"];
const CLOSED = ["CLOSED", "REVOKED"];
/** A refunded trade still counts as paid: refunds are queried separately. */
const PAID = ["SUCCESS", "REFUND"];

/** A trade in answers and notifications; its payment is parsed only if there was one. */
export const tradeMessage = z.looseObject({
  appid: z.string(),
  mchid: z.string(),
  out_trade_no: wireNumber,
  trade_state: wireName,
});

export type TradeMessage = z.output<typeof tradeMessage>;

/** The additional members of a paid trade. */
const payment = z.object({
  transaction_id: wireNumber,
  success_time: wireTime,
  amount: z.object({
    /** The order's total. WeChat Pay's coupons may have covered a part of it: `payer_total` is less then. */
    total: z.int().min(1),
    /** Documented as optional, with CNY as the default. */
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .default("CNY"),
  }),
});

/** Whether it is about one of the account's trades. */
export function isOf({ AppId, MchId }: WechatAccount, { appid, mchid }: TradeMessage): boolean {
  return appid === AppId && mchid === MchId;
}

/**
 * The state of a trade; undefined for an unknown one.
 *
 * @throws AppError if it was paid but the amounts are missing.
 */
export function tradeStateOf(message: TradeMessage): TradeState | undefined {
  const { trade_state: state } = message;
  if (PAID.includes(state)) return paidTradeOf(message);
  if (OPEN.includes(state)) return { state: "open" };
  return CLOSED.includes(state) ? { state: "closed" } : undefined;
}

function paidTradeOf(message: TradeMessage): PaidTrade {
  const paid = payment.safeParse(message);
  if (!paid.success) throw badAnswer("it does not tell what was paid");
  const { transaction_id: tradeNo, success_time: paidAt, amount } = paid.data;
  return { state: "paid", tradeNo, amount: amount.total, currency: amount.currency, paidAt };
}
