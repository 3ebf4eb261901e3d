import { chinaTime } from "../core/china-time.ts";
import { yuan } from "../core/yuan.ts";
import { type BillLine, momentOf } from "./bill-lines.ts";
import { tableText } from "./bill-table.ts";
import { TRADE_TYPES } from "./trade.ts";

/** What a bill has: all, payments, or refunds. */
export const BILL_TYPES = ["ALL", "SUCCESS", "REFUND"] as const;

export type BillType = (typeof BILL_TYPES)[number];

const RATE = "0.60%";
const ORDER =
  "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额";
const REFUND = "微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态";
const GOODS = "商品名称,商户数据包,手续费,费率,订单金额";

/** The columns of each type, as the documents have them. */
const COLUMNS: Readonly<Record<BillType, readonly string[]>> = {
  ALL: `${ORDER},${REFUND},${GOODS},申请退款金额,费率备注`.split(","),
  SUCCESS: `${ORDER},${GOODS},费率备注`.split(","),
  REFUND: `${ORDER},退款申请时间,退款成功时间,${REFUND},${GOODS},申请退款金额,费率备注`.split(","),
};

const TOTALS =
  "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额".split(",");
/** Older bills of payments have all of them. */
const PAID_TOTALS = "总交易单数,应结订单总金额,手续费总金额,订单总金额".split(",");

/** What a bill is written of. */
export interface BillContent {
  readonly type: BillType;
  readonly lines: readonly BillLine[];
  /** A bill does not learn what becomes of a refund after it was made. */
  readonly madeAt: number;
}

/**
 * A trade bill's text. Columns and their values are those of the documents, and of bills that merchants show where
 * these say less: the zeros and blanks of a payment's refund and of a refund's order, and the payment's time in a
 * refund bill.
 */
export function billText({ type, lines, madeAt }: BillContent): string {
  const rows = lines.map((line) => {
    const cells = cellsOf(line, type, madeAt);
    return COLUMNS[type].map((name) => cells[name] ?? "");
  });
  const totals = totalsOf(lines);
  const totalNames = type === "SUCCESS" ? PAID_TOTALS : TOTALS;
  return tableText({
    columns: COLUMNS[type],
    rows,
    totalNames,
    totals: totalNames.map((name) => totals[name] ?? ""),
  });
}

type Cells = Readonly<Record<string, string>>;

function cellsOf(line: BillLine, type: BillType, madeAt: number): Cells {
  const { trade, transactionId, paidAt, fee } = line;
  return {
    交易时间: chinaTime(type === "REFUND" ? paidAt : momentOf(line)),
    公众账号ID: trade.appid,
    商户号: trade.mchid,
    特约商户号: "0",
    微信订单号: transactionId,
    商户订单号: trade.outTradeNo,
    用户标识: trade.openid,
    交易类型: TRADE_TYPES[trade.product],
    付款银行: "OTHERS",
    货币种类: "CNY",
    代金券金额: "0.00",
    充值券退款金额: "0.00",
    商品名称: trade.description,
    商户数据包: trade.attach ?? "",
    手续费: feeText(fee),
    费率: RATE,
    ...moneyOf(line, madeAt),
  };
}

function moneyOf({ amount, refund }: BillLine, madeAt: number): Cells {
  const [paid, back] = refund === undefined ? [amount, 0] : [0, amount];
  const common = {
    应结订单金额: yuan(paid),
    订单金额: yuan(paid),
    退款金额: yuan(back),
    申请退款金额: yuan(back),
  };
  if (refund === undefined) return { ...common, 交易状态: "SUCCESS", 微信退款单号: "0", 商户退款单号: "0" };
  const { refundId, outRefundNo, createdAt, settleAt, outcome } = refund;
  const isSettled = settleAt <= madeAt;
  const isDone = isSettled && outcome === "SUCCESS";
  return {
    ...common,
    交易状态: "REFUND",
    微信退款单号: refundId,
    商户退款单号: outRefundNo,
    退款类型: "ORIGINAL",
    退款状态: isDone ? "SUCCESS" : isSettled ? "CHANGE" : "PROCESSING",
    退款申请时间: chinaTime(createdAt),
    退款成功时间: isDone ? chinaTime(settleAt) : "",
  };
}

function totalsOf(lines: readonly BillLine[]): Cells {
  const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
  const paid = sum(lines.filter(({ refund }) => refund === undefined).map(({ amount }) => amount));
  const back = sum(lines.filter(({ refund }) => refund !== undefined).map(({ amount }) => amount));
  return {
    总交易单数: String(lines.length),
    应结订单总金额: yuan(paid),
    退款总金额: yuan(back),
    充值券退款总金额: "0.00",
    手续费总金额: feeText(sum(lines.map(({ fee }) => fee))),
    订单总金额: yuan(paid),
    申请退款总金额: yuan(back),
  };
}

/** Five decimals, of which the last three are nothing. */
function feeText(fen: number): string {
  return `${yuan(fen)}000`;
}
