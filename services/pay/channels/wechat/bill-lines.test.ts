import assert from "node:assert/strict";
import { test } from "node:test";
import type { BillLine } from "../bills/bill.ts";
import { readBillLines } from "./bill-lines.ts";

const NAMES = [
  ..."交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行".split(
    ",",
  ),
  ..."货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态".split(
    ",",
  ),
  ..."商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注".split(","),
];
const TOTALS = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";

type Row = Readonly<Record<string, string>>;

const PAYMENT: Row = {
  ...{ 交易时间: "2026-11-30 10:00:00", 微信订单号: "4200001", 商户订单号: "PAY1", 交易状态: "SUCCESS" },
  ...{
    货币种类: "CNY",
    商品名称: "phone",
    手续费: "0.53280",
    费率: "0.60%",
    订单金额: "88.80",
    申请退款金额: "0.00",
  },
};
const REFUND: Row = {
  ...{ ...PAYMENT, 交易状态: "REFUND", 商户退款单号: "R1", 退款状态: "SUCCESS", 手续费: "-0.06000" },
  ...{ 订单金额: "0.00", 申请退款金额: "10.00", 退款金额: "9.00" },
};
const PAID = {
  kind: "payment",
  outTradeNo: "PAY1",
  tradeNo: "4200001",
  amount: 8880,
  currency: "CNY",
  fee: 53,
};
const GIVEN_BACK = { ...PAID, kind: "refund", refundNo: "R1", amount: 1000, fee: -6, state: "made" };

function textOf(rows: readonly Row[], { names = NAMES, count = rows.length } = {}): string[] {
  const cells = (row: Row): string => names.map((name) => `\`${row[name] ?? ""}`).join(",");
  return [
    names.join(","),
    ...rows.map(cells),
    TOTALS,
    `\`${count},\`0.00,\`0.00,\`0.00,\`0.00,\`0.00,\`0.00`,
  ];
}

function read(lines: readonly string[]): Promise<BillLine[]> {
  const stream = async function* (): AsyncGenerator<string> {
    yield* lines;
  };
  return Array.fromAsync(readBillLines(stream()));
}

test("rows are payments and refunds, with what was asked for and the fee in fen", async () => {
  assert.deepEqual(await read(textOf([PAYMENT, REFUND])), [PAID, GIVEN_BACK]);
  assert.deepEqual(await read(textOf([])), []);
});

test("columns go by their names, in whatever order", async () => {
  assert.deepEqual(await read(textOf([PAYMENT], { names: NAMES.toReversed() })), [PAID]);
});

test("a title may hold all that separates cells", async () => {
  const title = 'a,b`c,`d,`"e"';
  assert.deepEqual(await read(textOf([{ ...PAYMENT, 商品名称: title }])), [PAID]);
});

test("a refund under way is not made, one that failed will not be, and other states are other money", async () => {
  const lines = await read(
    textOf([
      { ...REFUND, 退款状态: "PROCESSING" },
      { ...REFUND, 退款状态: "CHANGE" },
      { ...REFUND, 退款状态: "FAIL" },
      { ...PAYMENT, 交易状态: "REVOKED" },
    ]),
  );
  assert.deepEqual(lines, [
    { ...GIVEN_BACK, state: "under way" },
    { ...GIVEN_BACK, state: "under way" },
    { ...GIVEN_BACK, state: "failed" },
    { kind: "other", what: "REVOKED" },
  ]);
});

test("a row that is not as documented is told by its line", async () => {
  const odd: Row[] = [
    { ...PAYMENT, 订单金额: "88,80" },
    { ...PAYMENT, 货币种类: "" },
    { ...PAYMENT, 交易状态: "" },
    { ...PAYMENT, 商户订单号: "" },
  ];
  const lines = await read(textOf([...odd, PAYMENT]));
  assert.deepEqual(lines, [...odd.map((_, index) => ({ kind: "unreadable", line: index + 2 })), PAID]);
});

test("what is no bill, or not all of one, is refused", async () => {
  const whole = textOf([PAYMENT, REFUND]);
  for (const lines of [
    [],
    whole.slice(0, 1),
    whole.slice(0, 2),
    whole.slice(0, -1),
    whole.toSpliced(1, 1),
    textOf([PAYMENT], { count: 2 }),
    textOf([PAYMENT], { names: NAMES.filter((name) => name !== "商户订单号") }),
    ['{"code":"SYSTEM_ERROR","message":"系统异常"}'],
  ])
    await assert.rejects(read(lines), { reason: "BAD_ANSWER" });
});
