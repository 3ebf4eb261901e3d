import type { BilledPayment, BilledRefund, BilledRefundState, BillLine } from "../bills/bill.ts";
import { billedFen } from "../bills/billed-yuan.ts";
import { type Cells, cellsByName } from "../bills/table.ts";
import { badAnswer } from "./wire.ts";

/** Before each cell of a row, so that spreadsheets leave its digits alone. */
const MARK = "`";
/** The column that holds a text of the merchant's. */
const TITLE = "商品名称";
/** The first column of the totals, and how many rows they are of. */
const TOTALS = "总交易单数";

const NEEDED = ["微信订单号", "商户订单号", "交易状态", "货币种类", "商户退款单号", "退款状态"];

/**
 * The rows of a bill of type ALL. They begin with the columns' names, whose order WeChat Pay does not promise, and end
 * with totals, in which the number of rows must be right.
 *
 * @throws AppError UNKNOWN BAD_ANSWER for what is no such bill, or not all of one.
 */
export async function* readBillLines(lines: AsyncIterable<string>): AsyncGenerator<BillLine> {
  let [number, rows] = [0, 0];
  let names: readonly string[] | undefined;
  let totals: readonly string[] | undefined;
  let told: Cells | undefined;
  for await (const line of lines) {
    number += 1;
    if (names === undefined) names = namesOf(line);
    else if (totals !== undefined) told ??= cellsByName(totals, cellsOf(line), "");
    else if (line.startsWith(TOTALS)) totals = line.split(",");
    else {
      rows += 1;
      yield lineOf(cellsByName(names, cellsOf(line), TITLE)) ?? { kind: "unreadable", line: number };
    }
  }
  if (Number(told?.get(TOTALS) ?? Number.NaN) !== rows)
    throw badAnswer("its bill has not as many rows as it says");
}

function namesOf(line: string): string[] {
  const names = line.split(",");
  const lacking = NEEDED.find((name) => !names.includes(name));
  if (lacking !== undefined) throw badAnswer(`its bill has no column ${lacking}`);
  return names;
}

/** Nothing is quoted: cells end where a comma is followed by the next one's mark. */
function cellsOf(line: string): string[] {
  return line.startsWith(MARK) ? line.slice(MARK.length).split(`,${MARK}`) : [];
}

function lineOf(cells: Cells | undefined): BillLine | undefined {
  if (cells === undefined) return undefined;
  const state = cells.get("交易状态") ?? "";
  if (state === "SUCCESS") return paymentOf(cells);
  if (state === "REFUND") return refundOf(cells);
  return /^[A-Z_]{1,32}$/.test(state) ? { kind: "other", what: state } : undefined;
}

function paymentOf(cells: Cells): BilledPayment | undefined {
  const common = commonOf(cells, "订单金额");
  return common && { kind: "payment", ...common };
}

/** One that cannot reach the buyer (CHANGE) somebody may still send on at the channel. */
const STATES: Readonly<Record<string, BilledRefundState>> = { SUCCESS: "made", FAIL: "failed" };

/** A refund's row has the trade's numbers too, and the fee that is given back, negative. */
function refundOf(cells: Cells): BilledRefund | undefined {
  const common = commonOf(cells, "申请退款金额");
  const refundNo = cells.get("商户退款单号") ?? "";
  return (
    common && {
      kind: "refund",
      ...common,
      refundNo,
      state: STATES[cells.get("退款状态") ?? ""] ?? "under way",
    }
  );
}

function commonOf(cells: Cells, amountName: string) {
  const cell = (name: string): string => cells.get(name) ?? "";
  const [amount, fee] = [billedFen(cell(amountName)), billedFen(cell("手续费"))];
  const [outTradeNo, tradeNo, currency] = [cell("商户订单号"), cell("微信订单号"), cell("货币种类")];
  if (amount === undefined || fee === undefined || outTradeNo === "" || tradeNo === "") return undefined;
  return /^[A-Z]{3}$/.test(currency) ? { outTradeNo, tradeNo, amount, currency, fee } : undefined;
}
