import { z } from "zod";
import { type SimRequest, textOf } from "../core/sim-http.ts";
import { wechatErrors } from "./said.ts";

const number = z.string().regex(/^[0-9A-Za-z_\-|*@]{1,64}$/);
const notifyUrl = z
  .url({ protocol: /^https?$/ })
  .max(255)
  .refine((url) => !url.includes("?"), "携带参数");

/** What each product wants beside what all want; limits are those of the documents. */
const prepay = z.object({
  appid: z.string().min(1).max(32),
  mchid: z.string().min(1).max(32),
  description: z.string().min(1).max(127),
  out_trade_no: z.string().regex(/^[0-9A-Za-z_\-|*]{6,32}$/),
  time_expire: z.iso.datetime({ offset: true }).optional(),
  attach: z.string().max(128).optional(),
  notify_url: notifyUrl,
  amount: z.object({ total: z.int().min(1).max(100_000_000_00), currency: z.literal("CNY").default("CNY") }),
});

const products = {
  native: prepay,
  app: prepay,
  jsapi: prepay.extend({ payer: z.object({ openid: z.string().min(1).max(128) }) }),
  h5: prepay.extend({
    scene_info: z.object({
      payer_client_ip: z.string().min(1).max(45),
      h5_info: z.object({ type: z.string().min(1).max(32) }),
    }),
  }),
} as const;

const close = z.object({ mchid: z.string() });

const refund = z
  .object({
    transaction_id: z.string().min(1).max(32).optional(),
    out_trade_no: z.string().min(1).max(32).optional(),
    out_refund_no: number,
    reason: z.string().max(80).default(""),
    notify_url: notifyUrl.optional(),
    amount: z.object({ refund: z.int().min(1), total: z.int().min(1), currency: z.literal("CNY") }),
  })
  .refine(
    ({ transaction_id, out_trade_no }) => (transaction_id === undefined) !== (out_trade_no === undefined),
    "transaction_id 和 out_trade_no 二选一",
  );

export const wechatRequests = { ...products, close, refund } as const;

/** What a prepay of any product holds. */
export type PrepayRequest = z.output<typeof prepay> & { readonly payer?: { readonly openid: string } };
export type RefundRequest = z.output<typeof refund>;

/**
 * Reads a request's body.
 *
 * @throws WechatError PARAM_ERROR that names the field
 */
export function readBody<Schema extends z.ZodType>(request: SimRequest, schema: Schema): z.output<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(textOf(request));
  } catch {
    throw wechatErrors.parameter("请求体不是合法的JSON");
  }
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw wechatErrors.parameter(
    `输入源“/body/${issue?.path.join("/") ?? ""}”不符合规则：${issue?.message ?? ""}`,
  );
}
