import { z } from "zod";
import { momentOf } from "./china-time.ts";
import { fenOf } from "./yuan.ts";

/** Numbers of Alipay's and ours: it has no others in them. */
const number = z.string().regex(/^[!-~]{1,64}$/);
/** In yuan as text; in fen once it is read. */
const amount = z.string().transform(readBy(fenOf));
/** In China's time as text; milliseconds since the Unix epoch once it is read. */
const moment = z.string().transform(readBy(momentOf));
const currency = z.string().regex(/^[A-Z]{3}$/);
/** What may be left out may be empty as well. */
const optional = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema.optional());

/** What an answer says of itself. */
export const answerHead = z.object({
  code: z.string(),
  msg: z.string().optional(),
  sub_code: z.string().optional(),
  sub_msg: z.string().optional(),
});

/** A trade, as answers and notifications tell of it. */
export const toldTrade = z.object({
  out_trade_no: number,
  trade_no: number,
  trade_status: z.string().min(1),
  /** What was asked for; the buyer may have been charged less, and the rest be somebody's discount. */
  total_amount: amount,
  /** Of total_amount; CNY where it is not said. */
  trans_currency: optional(currency),
  /** What came, and from the buyer; 0 of some products, although something came. */
  receipt_amount: optional(amount),
  buyer_pay_amount: optional(amount),
});

/** What each method answers with beside `code: "10000"`. */
export const ANSWERS = {
  "alipay.trade.precreate": z.object({ out_trade_no: number, qr_code: z.string().min(1).max(1024) }),
  "alipay.trade.query": toldTrade.extend({ send_pay_date: optional(moment) }),
  "alipay.trade.close": z.object({ out_trade_no: number.optional() }),
  /** `refund_fee` is of all refunds of the trade together; `fund_change` says of this request whether it moved money. */
  "alipay.trade.refund": z.object({ out_trade_no: number, fund_change: z.string().optional() }),
  /** Without `refund_status` it knows of no refund that was made. */
  "alipay.trade.fastpay.refund.query": z.object({
    out_trade_no: number.optional(),
    out_request_no: number.optional(),
    refund_status: optional(z.string()),
  }),
} as const;

/** The methods that are asked for answers. */
export type Method = keyof typeof ANSWERS;

/** A positive answer. */
export type AnswerOf<Name extends Method> = z.output<(typeof ANSWERS)[Name]>;

/** What Alipay posts: of a trade, or of a refund, which has `out_biz_no` and `gmt_refund`. */
export const notification = toldTrade.extend({
  notify_id: z.string().regex(/^[!-~]{1,128}$/),
  app_id: z.string(),
  seller_id: z.string().optional(),
  gmt_payment: optional(moment),
  gmt_refund: optional(moment),
  /** Our number of the refund. */
  out_biz_no: optional(number),
});

function readBy<Value>(read: (text: string) => Value | undefined) {
  return (text: string, context: z.RefinementCtx): Value => {
    const value = read(text);
    if (value !== undefined) return value;
    context.addIssue({ code: "custom", message: "cannot be read" });
    return z.NEVER;
  };
}
