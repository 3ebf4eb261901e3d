import type { Lie } from "../core/faults.ts";

/** An answer before it is signed; without a body for a 204. A file is told as it is, and signed by nothing. */
export interface Said {
  readonly status: number;
  readonly body?: object;
  readonly file?: Uint8Array;
}

/** What WeChat Pay refuses a merchant. */
export class WechatError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/**
 * Codes and their status. ORDERPAID and ORDERCLOSED of a prepay and a close are known from documents only, as is which
 * code answers a refund of more than is left.
 */
export const wechatErrors = {
  parameter: (message: string) => new WechatError(400, "PARAM_ERROR", message),
  invalid: (message: string) => new WechatError(400, "INVALID_REQUEST", message),
  signature: (message: string) => new WechatError(401, "SIGN_ERROR", message),
  appOfAnother: () => new WechatError(400, "APPID_MCHID_NOT_MATCH", "AppID和mch_id不匹配"),
  numberUsed: () => new WechatError(403, "OUT_TRADE_NO_USED", "商户订单号重复"),
  orderAbsent: () => new WechatError(404, "ORDER_NOT_EXIST", "订单不存在"),
  orderPaid: () => new WechatError(400, "ORDERPAID", "该订单已支付"),
  orderClosed: () => new WechatError(400, "ORDERCLOSED", "该订单已关闭"),
  refundAbsent: () => new WechatError(404, "RESOURCE_NOT_EXISTS", "退款单不存在"),
  billAbsent: () => new WechatError(400, "NO_STATEMENT_EXIST", "请求的账单文件不存在"),
  billCreating: () => new WechatError(400, "STATEMENT_CREATING", "账单生成中"),
  noRight: () => new WechatError(403, "NO_AUTH", "无该账单的下载权限"),
  noMoney: () => new WechatError(403, "NOT_ENOUGH", "基本账户余额不足，请充值后重新发起"),
  tooOften: () => new WechatError(429, "FREQUENCY_LIMITED", "频率超限"),
  own: () => new WechatError(500, "SYSTEM_ERROR", "系统异常，请稍后重试"),
  noSuchPath: () => new WechatError(404, "NOT_FOUND", "请求的资源不存在"),
} as const;

export function saidOf({ status, code, message }: WechatError): Said {
  return { status, body: { code, message } };
}

/** A body that is about another amount, currency, app or merchant, as far as it says anything about that. */
export function lieAbout(body: object, lie: Lie): object {
  const told = body as { readonly amount?: { readonly total?: number } };
  if (lie === "app") return "appid" in body ? { ...body, appid: "wx0000000000000000" } : body;
  if (lie === "merchant") return "mchid" in body ? { ...body, mchid: "1999999999" } : body;
  if (told.amount === undefined) return body;
  const another = lie === "amount" ? { total: (told.amount.total ?? 0) + 1 } : { currency: "USD" };
  return { ...body, amount: { ...told.amount, ...another } };
}
