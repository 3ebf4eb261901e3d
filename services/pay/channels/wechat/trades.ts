import { z } from "zod";
import type { PaidTrade, TradeState } from "../channel.ts";
import type { WechatAccount } from "./config.ts";
import { badAnswer, wireName, wireNumber, wireTime } from "./wire.ts";

/** As they are documented; what is added one day is told apart from these. */
const OPEN = ["NOTPAY", "USERPAYING", "PAYERROR"];
const CLOSED = ["CLOSED", "REVOKED"];
/** A trade stays paid when its money went back: refunds are asked about by themselves. */
const PAID = ["SUCCESS", "REFUND"];

/** A trade as answers and notifications tell of it; what else they hold is not read. */
const transaction = z.object({
  appid: z.string(),
  mchid: z.string(),
  out_trade_no: wireNumber,
  trade_state: wireName,
});

type Transaction = z.output<typeof transaction>;

/** What one that was paid says beyond that. */
const payment = z.object({
  transaction_id: wireNumber,
  success_time: wireTime,
  amount: z.object({
    /** What the order was about. Coupons of WeChat Pay's may have paid a part of it: `payer_total` is less then. */
    total: z.int().min(1),
    /** Documented as optional, and as CNY where it is left out. */
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .default("CNY"),
  }),
});

/** The whole of a message about a trade; what it says of a payment is read only where there was one. */
export const tradeMessage = transaction.and(z.looseObject({}));

export type TradeMessage = z.output<typeof tradeMessage>;

/** Whether it is about a trade of the account's. */
export function isOf({ AppId, MchId }: WechatAccount, { appid, mchid }: Transaction): boolean {
  return appid === AppId && mchid === MchId;
}

/**
 * Where a trade stands; undefined for a state that is not known here.
 *
 * @throws AppError where it was paid, and what was paid is not told.
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
