import { type ChinaDay, chinaTime } from "../core/china-time.ts";
import { encodeGbk } from "../core/gbk.ts";
import { yuan } from "../core/yuan.ts";
import { type ZipEntry, zipOf } from "../core/zip.ts";
import type { BillLine } from "./bill-lines.ts";
import { LOGON_ID } from "./trade.ts";

/** What is told by trade, and what moved in the account. */
export const BILL_TYPES = ["trade", "signcustomer"] as const;

export type BillType = (typeof BILL_TYPES)[number];

/** What a bill is written of. */
export interface BillContent {
  /** Of the seller, as bills have it: with four more digits. */
  readonly account: string;
  readonly day: ChinaDay;
  readonly lines: readonly BillLine[];
  /** What the account held at the day's start; fen. */
  readonly balance: number;
  readonly madeAt: number;
}

/** A table with the lines of `#` around it. */
interface Table {
  /** In the file's name, and in its lines. */
  readonly name: string;
  readonly title: string;
  readonly columns: string;
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
}

/**
 * A bill's archive: two files in GBK, whose names are in GBK too. What is in them is known from documents, and from
 * bills that merchants show: the lines of `#`, the columns, and which of them end in a tab. Lines end in CRLF and
 * nothing is quoted.
 */
export function billArchive(type: BillType, content: BillContent): Promise<Uint8Array> {
  const tables =
    type === "trade" ? [tradeTable(content), tradeSums(content)] : [fundTable(content), fundSums(content)];
  return zipOf(tables.map((table) => entryOf(table, content)));
}

/** `2088…0156_20261128` */
export function billName({ account, day }: Pick<BillContent, "account" | "day">): string {
  return `${account}_${day.date.replaceAll("-", "")}`;
}

function entryOf({ name, title, columns, rows, notes }: Table, content: BillContent): ZipEntry {
  const { account, day, madeAt } = content;
  const kind = title.replace("查询", "列表").replace("支付宝", "");
  const lines = [
    `#${title}`,
    `#账号：[${account}]`,
    `#起始日期：[${stamp(day.startsAt)}]   终止日期：[${stamp(day.endsAt)}]`,
    ruled(kind, 41, 40),
    columns,
    ...rows.map((row) => row.join(",")),
    name === "业务明细" ? ruled(`${kind}结束`, 41, 36) : ruled(`${kind}结束`, 40, 37),
    ...notes,
    `#导出时间：[${stamp(madeAt)}]`,
  ];
  return {
    name: `${billName(content)}_${name}.csv`,
    bytes: encodeGbk(lines.map((line) => `${line}\r\n`).join("")),
  };
}

/** Readers look for these lines as a whole. */
function ruled(text: string, before: number, after: number): string {
  return `#${"-".repeat(before)}${text}${"-".repeat(after)}`;
}

/** `2026年11月28日 10:00:00` */
function stamp(at: number): string {
  return chinaTime(at).replace(/^(\d+)-(\d+)-(\d+)/, "$1年$2月$3日");
}

/** What Excel shall not take for a number. */
const tabbed = (text: string) => `${text}\t`;
/** Nothing is escaped, so a line break or a tab cannot stand. */
const plain = (text: string) => text.replaceAll(/[\r\n\t]+/g, " ");
const BUYER = `*家(${LOGON_ID})`;

function tradeTable({ lines }: BillContent): Table {
  const [paid, back] = [lines.filter(isPayment), lines.filter((line) => !isPayment(line))];
  return {
    name: "业务明细",
    title: "支付宝业务明细查询",
    columns:
      "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注",
    rows: lines.map(tradeRow),
    notes: [
      `#交易合计：${paid.length}笔，商家实收共${yuan(sumOf(paid))}元，商家优惠共0.00元`,
      `#退款合计：${back.length}笔，商家实收退款共${yuan(sumOf(back))}元，商家优惠退款共0.00元`,
    ],
  };
}

function tradeRow({ trade, refund, at, amount, fee }: BillLine): readonly string[] {
  return [
    tabbed(trade.tradeNo),
    tabbed(trade.outTradeNo),
    tabbed(refund === undefined ? "交易" : "退款"),
    plain(trade.subject),
    chinaTime(trade.createdAt ?? at),
    chinaTime(at),
    ...["", "", "", ""].map(tabbed),
    tabbed(BUYER),
    yuan(amount),
    yuan(amount),
    ...["0.00", "0.00", "0.00", "0.00", "0.00", ""],
    tabbed("0.00"),
    "0.00",
    tabbed(refund?.outRequestNo ?? ""),
    yuan(fee),
    "0.00",
    "",
  ];
}

/** By shop, of which there is none, and altogether. */
function tradeSums({ lines }: BillContent): Table {
  const paid = lines.filter(isPayment);
  const [amount, fee] = [sumOf(lines), lines.reduce((sum, line) => sum + line.fee, 0)];
  const counts = [String(paid.length), String(lines.length - paid.length)];
  const amounts = [amount, amount, 0, 0, 0, fee, 0, amount + fee].map(yuan);
  return {
    name: "业务明细(汇总)",
    title: "支付宝业务汇总查询",
    columns:
      "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）",
    rows: ["其他", "合计"].map((name) => [tabbed(name), tabbed(""), ...counts, ...amounts]),
    notes: [],
  };
}

/** What moved in the account: the payment or refund, and its fee. */
interface Move {
  readonly line: BillLine;
  readonly type: string;
  readonly amount: number;
}

function movesOf(lines: readonly BillLine[]): Move[] {
  return lines
    .flatMap((line) => [
      { line, type: isPayment(line) ? "在线支付" : "交易退款", amount: line.amount },
      { line, type: isPayment(line) ? "收费" : "退费", amount: line.fee },
    ])
    .filter(({ amount }) => amount !== 0);
}

function fundTable({ lines, balance }: BillContent): Table {
  const moves = movesOf(lines);
  const [income, outgo] = [moves.filter(isIncome), moves.filter((move) => !isIncome(move))];
  let held = balance;
  const rows = moves.map(({ line, type, amount }, index) => {
    held += amount;
    const { trade, at } = line;
    const serial = `${chinaTime(at).replaceAll(/\D/g, "")}${String(index).padStart(6, "0")}`;
    const [came, went] = amount > 0 ? [amount, 0] : [0, amount];
    return [
      ...[serial, trade.tradeNo, trade.outTradeNo].map(tabbed),
      tabbed(plain(trade.subject)),
      chinaTime(at),
      tabbed(BUYER),
      ...[came, went, held].map(yuan),
      ...["支付宝", type, ""],
    ];
  });
  return {
    name: "账务明细",
    title: "支付宝账务明细查询",
    columns:
      "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,交易渠道,业务类型,备注",
    rows,
    notes: [
      `#支出合计：${outgo.length}笔，共${yuan(sumOf(outgo))}元`,
      `#收入合计：${income.length}笔，共${yuan(sumOf(income))}元`,
    ],
  };
}

function fundSums({ lines }: BillContent): Table {
  const moves = movesOf(lines);
  const types = [...new Set(moves.map(({ type }) => type))];
  const row = (name: string, some: readonly Move[]) => {
    const [income, outgo] = [some.filter(isIncome), some.filter((move) => !isIncome(move))];
    const cells = [income, outgo].flatMap((each) => [String(each.length), yuan(sumOf(each))]);
    return [name, ...cells, yuan(sumOf(some))];
  };
  const ofType = (name: string) => moves.filter(({ type }) => type === name);
  return {
    name: "账务明细(汇总)",
    title: "支付宝账务汇总查询",
    columns: "类型,收入笔数,收入金额（+元）,支出笔数,支出金额（-元）,总金额（元）",
    rows: [...types.map((type) => row(type, ofType(type))), row("合计", moves)],
    notes: [],
  };
}

function isPayment({ refund }: BillLine): boolean {
  return refund === undefined;
}

function isIncome({ amount }: Move): boolean {
  return amount > 0;
}

function sumOf(some: readonly { readonly amount: number }[]): number {
  return some.reduce((sum, { amount }) => sum + amount, 0);
}
