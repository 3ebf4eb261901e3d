import type { Lie } from "../core/faults.ts";
import { readYuan, yuan } from "../core/yuan.ts";

/** An answer before it is signed. */
export interface Said {
  /** `alipay_trade_query_response`, or `error_response` where nobody knows what was asked. */
  readonly node: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What Alipay refuses an app. */
export class AlipayError extends Error {
  readonly body: Readonly<Record<string, string>>;

  constructor(code: string, msg: string, [sub_code, sub_msg]: readonly [string, string]) {
    super(sub_code);
    this.body = { code, msg, sub_code, sub_msg };
  }
}

const business = (subCode: string, text: string) =>
  new AlipayError("40004", "Business Failed", [subCode, text]);
const argument = (subCode: string, text: string) =>
  new AlipayError("40002", "Invalid Arguments", [subCode, text]);

/** Codes and texts; which of them answers what is known from documents only. */
export const alipayErrors = {
  signature: () => argument("isv.invalid-signature", "无效签名"),
  app: () => argument("isv.invalid-app-id", "无效的AppID参数"),
  certificate: () => argument("isv.app-cert-sn-invalid", "应用公钥证书序列号不正确"),
  timestamp: () => argument("isv.invalid-timestamp", "非法的时间戳参数"),
  method: () => argument("isv.invalid-method", "不存在的方法名"),
  missing: (name: string) =>
    new AlipayError("40001", "Missing Required Arguments", [`isv.missing-${name}`, name]),
  parameter: (text: string) => business("ACQ.INVALID_PARAMETER", `参数无效：${text}`),
  absent: () => business("ACQ.TRADE_NOT_EXIST", "交易不存在"),
  state: () => business("ACQ.TRADE_STATUS_ERROR", "交易状态不合法"),
  paid: () => business("ACQ.TRADE_HAS_SUCCESS", "交易已被支付"),
  closed: () => business("ACQ.TRADE_HAS_CLOSE", "交易已经关闭"),
  finished: () => business("ACQ.TRADE_HAS_FINISHED", "交易已完结"),
  repeated: () => business("ACQ.CONTEXT_INCONSISTENT", "交易信息被篡改"),
  refundTooMuch: () => business("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", "退款金额超限"),
  refundRepeated: () => business("ACQ.DISCORDANT_REPEAT_REQUEST", "请求信息不一致"),
  billAbsent: () => business("isp.bill_not_exist", "账单不存在"),
  billArguments: () => business("isv.invalid_arguments", "入参不合法"),
  noMoney: () => business("ACQ.SELLER_BALANCE_NOT_ENOUGH", "卖家余额不足"),
  tooOften: () => new AlipayError("40005", "Call Limited", ["isv.app-call-limited", "应用调用次数超限"]),
  own: () => new AlipayError("20000", "Service Currently Unavailable", ["isp.unknow-error", "系统繁忙"]),
} as const;

/** What is told, about another amount, app or seller, as far as it says anything about that. */
export function lieAbout<Told extends Readonly<Record<string, unknown>>>(told: Told, lie: Lie): Told {
  switch (lie) {
    case "amount": {
      const amount = readYuan(String(told.total_amount));
      return amount === undefined ? told : { ...told, total_amount: yuan(amount + 1) };
    }
    case "currency":
      return { ...told, trans_currency: "USD" };
    case "app":
      return "app_id" in told ? { ...told, app_id: "2021000000009999" } : told;
    case "merchant":
      return "seller_id" in told ? { ...told, seller_id: "2088000000009999" } : told;
  }
}
