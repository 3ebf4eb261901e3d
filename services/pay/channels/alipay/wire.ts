import { z } from "zod";
import { momentOf } from "./china-time.ts";
import { fenOf } from "./yuan.ts";

/** The characters of Alipay's numbers and of ours. */
const number = z.string().regex(/^[!-~]{1,64}$/);
/** In yuan as text; in fen once parsed. */
const amount = z.string().transform(readBy(fenOf));
/** In China's time as text; milliseconds since the Unix epoch once parsed. */
const moment = z.string().transform(readBy(momentOf));
const currency = z.string().regex(/^[A-Z]{3}$/);
/** An optional value may also be an empty text. */
const optional = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema.optional());

/** What an answer says about itself. */
export const answerHead = z.object({
  code: z.string(),
  msg: z.string().optional(),
  sub_code: z.string().optional(),
  sub_msg: z.string().optional(),
});

/** A trade in answers and notifications. */
export const toldTrade = z.object({
  out_trade_no: number,
  trade_no: number,
  trade_status: z.string().min(1),
  /** The amount asked for; the buyer may have been charged less, with a discount covering the rest. */
  total_amount: amount,
  /** The currency of total_amount; CNY if left out. */
  trans_currency: optional(currency),
  /** What was received, and what the buyer paid; some products report 0 although money arrived. */
  receipt_amount: optional(amount),
  buyer_pay_amount: optional(amount),
});

/** The members of each method's answer beside `code: "10000"`. */
export const ANSWERS = {
  "alipay.trade.precreate": z.object({ out_trade_no: number, qr_code: z.string().min(1).max(1024) }),
  "alipay.trade.query": toldTrade.extend({ send_pay_date: optional(moment) }),
  "alipay.trade.close": z.object({ out_trade_no: number.optional() }),
  /** `refund_fee` is the sum of all refunds of the trade; `fund_change` tells whether this request moved money. */
  "alipay.trade.refund": z.object({ out_trade_no: number, fund_change: z.string().optional() }),
  /** Without `refund_status`, Alipay knows of no refund that was made. */
  "alipay.trade.fastpay.refund.query": z.object({
    out_trade_no: number.optional(),
    out_request_no: number.optional(),
    refund_status: optional(z.string()),
  }),
  "alipay.data.dataservice.bill.downloadurl.query": z.object({
    bill_download_url: z.url({ protocol: /^https?$/ }).max(2048),
  }),
} as const;

/** The methods that are called for their answer. */
export type Method = keyof typeof ANSWERS;

/** A successful answer. */
export type AnswerOf<Name extends Method> = z.output<(typeof ANSWERS)[Name]>;

/** A notification: about a trade, or about a refund, which has `out_biz_no` and `gmt_refund`. */
export const notification = toldTrade.extend({
  notify_id: z.string().regex(/^[!-~]{1,128}$/),
  app_id: z.string(),
  seller_id: z.string().optional(),
  gmt_payment: optional(moment),
  gmt_refund: optional(moment),
  /** Our refund number. */
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
