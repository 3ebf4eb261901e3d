import { createHash } from "node:crypto";
import { type ChinaDay, chinaTime, isOnDay } from "../core/china-time.ts";
import { yuan } from "../core/yuan.ts";
import { type BillLine, momentOf } from "./bill-lines.ts";
import { tableText } from "./bill-table.ts";

/** The merchant's accounts; nothing moves here but in the first. */
export const ACCOUNT_TYPES = ["BASIC", "OPERATION", "FEES"] as const;

const COLUMNS =
  "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号".split(
    ",",
  );
const TOTALS = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额".split(",");

/** What moved in the account; fen, negative where it went out. */
interface Move {
  readonly line: BillLine;
  readonly name: string;
  readonly type: string;
  readonly amount: number;
  readonly note: string;
}

/**
 * A fund bill's text: a payment comes in and its fee goes out; a refund goes out less the fee that is given back. Columns
 * and words are those of documents and of bills that merchants show. Money is there as soon as it is paid, where the
 * real account has it when it is settled.
 *
 * @param lines all of the merchant's, the earliest first: the account holds what came before
 * @returns undefined where nothing moved on the day
 */
export function fundBillText(lines: readonly BillLine[], day: ChinaDay): string | undefined {
  let held = 0;
  const rows: string[][] = [];
  const moved: Move[] = [];
  for (const move of lines.flatMap(movesOf)) {
    held += move.amount;
    if (!isOnDay(day, momentOf(move.line))) continue;
    moved.push(move);
    rows.push(rowOf(move, held));
  }
  if (moved.length === 0) return undefined;
  const amounts = moved.map(({ amount }) => amount);
  const [income, outgo] = [amounts.filter((amount) => amount > 0), amounts.filter((amount) => amount < 0)];
  const sums = [income, outgo].flatMap((some) => [String(some.length), yuan(Math.abs(sumOf(some)))]);
  return tableText({ columns: COLUMNS, rows, totalNames: TOTALS, totals: [String(moved.length), ...sums] });
}

function movesOf(line: BillLine): Move[] {
  const { amount, fee, refund } = line;
  if (refund === undefined) {
    const note = `结算总金额${yuan(amount)}元;含手续费${yuan(fee)}元`;
    const common = { line, name: "交易", note };
    const taken = { ...common, type: "扣除交易手续费", amount: 0 - fee };
    return [{ ...common, type: "交易", amount }, ...(fee === 0 ? [] : [taken])];
  }
  if (refund.outcome !== "SUCCESS") return [];
  const note = `退款总金额${yuan(amount)}元;含手续费${yuan(0 - fee)}元`;
  return [{ line, name: "退款", type: "退款", amount: 0 - amount - fee, note }];
}

function rowOf({ line, name, type, amount, note }: Move, held: number): string[] {
  const { trade, transactionId, refund } = line;
  const business = refund?.refundId ?? transactionId;
  return [
    chinaTime(momentOf(line)),
    business,
    serialOf(`${type} ${business}`),
    name,
    type,
    amount > 0 ? "收入" : "支出",
    yuan(Math.abs(amount)),
    yuan(held),
    refund === undefined ? "system" : `${trade.mchid}API`,
    note,
    refund?.outRefundNo ?? trade.outTradeNo,
  ];
}

/** The same for the same move, as often as it is told. */
function serialOf(move: string): string {
  const hash = createHash("sha256").update(move).digest();
  return Array.from(hash.subarray(0, 28), (byte) => byte % 10).join("");
}

function sumOf(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => sum + amount, 0);
}
