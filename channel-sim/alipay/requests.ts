import { z } from "zod";
import { readChinaTime } from "../core/china-time.ts";
import { readYuan } from "../core/yuan.ts";
import type { Params } from "./params.ts";
import { alipayErrors } from "./said.ts";

const number = z.string().regex(/^[0-9A-Za-z_-]{1,64}$/);
// SDKs and their users write amounts as numbers, too.
const amount = z.union([z.string(), z.number().transform(String)]).transform((text, context) => {
  const fen = readYuan(text);
  if (fen !== undefined && fen > 0) return fen;
  context.addIssue({ code: "custom", message: "is no amount" });
  return z.NEVER;
});

const pay = z.object({
  out_trade_no: number,
  total_amount: amount,
  subject: z.string().min(1).max(256),
  timeout_express: z
    .string()
    .regex(/^(\d{1,5}[mhd]|1c)$/)
    .optional(),
  time_expire: z
    .string()
    .refine((text) => !Number.isNaN(readChinaTime(text)))
    .optional(),
  passback_params: z.string().max(512).default(""),
});

const one = z
  .object({ out_trade_no: z.string().max(64).default(""), trade_no: z.string().max(64).default("") })
  .refine(({ out_trade_no, trade_no }) => out_trade_no + trade_no !== "", "out_trade_no or trade_no");

const refund = one.and(z.object({ refund_amount: amount, out_request_no: z.string().max(64).optional() }));
const refundQuery = one.and(z.object({ out_request_no: z.string().min(1).max(64) }));

const bill = z.object({ bill_type: z.string().default(""), bill_date: z.string().default("") });

export const alipayRequests = { pay, one, refund, refundQuery, bill } as const;

export type PayRequest = z.output<typeof pay>;
export type RefundRequest = z.output<typeof refund>;
export type TradeNumbers = z.output<typeof one>;

/**
 * Reads a request's `biz_content`.
 *
 * @throws AlipayError
 */
export function readContent<Schema extends z.ZodType>(params: Params, schema: Schema): z.output<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(params.biz_content ?? "");
  } catch {
    throw alipayErrors.parameter("biz_content");
  }
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw alipayErrors.parameter(read.error.issues[0]?.path.join(".") ?? "biz_content");
}
