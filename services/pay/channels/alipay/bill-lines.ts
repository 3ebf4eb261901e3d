import type { BilledPayment, BilledRefund, BillLine } from "../bills/bill.ts";
import { billedFen } from "../bills/billed-yuan.ts";
import { type Cells, cellsByName } from "../bills/table.ts";
import { badAnswer } from "./bad-answer.ts";

/** Before the lines that are no rows. */
const NOTE = "#";
const PAYMENT = "交易";
const REFUND = "退款";
const TITLE = "商品名称";
const NEEDED = [
  ...["支付宝交易号", "商户订单号", "业务类型", TITLE, "创建时间"],
  ...["订单金额", "退款批次号/请求号", "服务费"],
];

/** How many rows of a kind there are, in a note at the end. */
const COUNT = new RegExp(`^${NOTE}(${PAYMENT}|${REFUND})合计：(\\d+)笔`);
const TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

/**
 * The rows of a bill's details; known from documents and from bills that others show. Notes are around them, in which
 * the number of rows must be right.
 *
 * @throws AppError UNKNOWN BAD_ANSWER for what is no such bill, or not all of one.
 */
export async function* readBillLines(lines: AsyncIterable<string>): AsyncGenerator<BillLine> {
  let [number, rows, told] = [0, 0, 0];
  let names: readonly string[] | undefined;
  let isCounted = false;
  for await (const line of lines) {
    number += 1;
    if (line.trim() === "") continue;
    if (line.startsWith(NOTE)) {
      const [, , count] = COUNT.exec(line) ?? [];
      isCounted ||= count !== undefined;
      told += Number(count ?? 0);
    } else if (line.startsWith("支付宝交易号,")) names = namesOf(line);
    else if (names !== undefined) {
      rows += 1;
      yield lineOf(cellsByName(names, cellsOf(line), freeColumn(names, cellsOf(line)))) ?? {
        kind: "unreadable",
        line: number,
      };
    } else throw badAnswer("its bill has no columns");
  }
  if (!isCounted || told !== rows) throw badAnswer("its bill has not as many rows as it says");
}

function namesOf(line: string): string[] {
  const names = cellsOf(line).map((name) => name.replace(/[（(]元[）)]$/, ""));
  const lacking = NEEDED.find((name) => !names.includes(name));
  if (lacking !== undefined) throw badAnswer(`its bill has no column ${lacking}`);
  return names;
}

/** Some cells end with a tab, so that spreadsheets leave their digits alone. */
function cellsOf(line: string): string[] {
  return line.split(",").map((cell) => cell.trim());
}

/** Where cells are in excess, the title has commas if the time behind it stands later, and else the remark at the end. */
function freeColumn(names: readonly string[], cells: readonly string[]): string {
  return TIME.test(cells[names.indexOf("创建时间")] ?? "") ? (names.at(-1) ?? "") : TITLE;
}

function lineOf(cells: Cells | undefined): BillLine | undefined {
  if (cells === undefined) return undefined;
  const kind = cells.get("业务类型") ?? "";
  if (kind === PAYMENT) return paymentOf(cells);
  if (kind === REFUND) return refundOf(cells);
  return kind === "" ? undefined : { kind: "other", what: kind };
}

function paymentOf(cells: Cells): BilledPayment | undefined {
  const common = commonOf(cells, 1);
  return common && { kind: "payment", ...common };
}

function refundOf(cells: Cells): BilledRefund | undefined {
  const common = commonOf(cells, -1);
  return (
    common && { kind: "refund", ...common, refundNo: cells.get("退款批次号/请求号") ?? "", state: "made" }
  );
}

/** @param sign of the amounts; a fee has the opposite one. */
function commonOf(cells: Cells, sign: 1 | -1) {
  const cell = (name: string): string => cells.get(name) ?? "";
  const [amount, fee] = [billedFen(cell("订单金额")), billedFen(cell("服务费"))];
  const [outTradeNo, tradeNo] = [cell("商户订单号"), cell("支付宝交易号")];
  if (amount === undefined || fee === undefined || outTradeNo === "" || tradeNo === "") return undefined;
  // A name with commas before it would have moved all that follows.
  const isInPlace = billedFen(cell("商家红包消费金额") || "0") !== undefined;
  if (amount * sign < 0 || !isInPlace) return undefined;
  return { outTradeNo, tradeNo, amount: Math.abs(amount), currency: "CNY", fee: fee === 0 ? 0 : -fee };
}
