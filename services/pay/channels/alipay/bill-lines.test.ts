import assert from "node:assert/strict";
import { test } from "node:test";
import { strToU8, zipSync } from "fflate";
import type { BillLine } from "../bills/bill.ts";
import { readBillLines } from "./bill-lines.ts";
import { unzipped } from "./unzip.ts";

const NAMES = [
  ..."支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户".split(
    ",",
  ),
  ..."订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）".split(
    ",",
  ),
  ..."券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注".split(
    ",",
  ),
];

type Row = Readonly<Record<string, string>>;

const PAYMENT: Row = {
  ...{ 支付宝交易号: "2026113022001\t", 商户订单号: "PAY1\t", 业务类型: "交易\t", 商品名称: "phone" },
  ...{ 创建时间: "2026-11-30 10:00:00", 完成时间: "2026-11-30 10:00:05", "订单金额（元）": "88.80" },
  ...{ "商家红包消费金额（元）": "0.00\t", "服务费（元）": "-0.53", "分润（元）": "0.00" },
};
const REFUND: Row = {
  ...{ ...PAYMENT, 业务类型: "退款\t", "订单金额（元）": "-10.00", "服务费（元）": "0.06" },
  "退款批次号/请求号": "R1\t",
};
const PAID = {
  kind: "payment",
  outTradeNo: "PAY1",
  tradeNo: "2026113022001",
  amount: 8880,
  currency: "CNY",
  fee: 53,
};
const GIVEN_BACK = { ...PAID, kind: "refund", refundNo: "R1", amount: 1000, fee: -6, state: "made" };

function textOf(rows: readonly Row[], { names = NAMES, payments = 0, refunds = 0 } = {}): string[] {
  return [
    "#支付宝业务明细查询",
    "#-----------------------------------------业务明细列表----------------------------------------",
    names.join(","),
    ...rows.map((row) => names.map((name) => row[name] ?? "").join(",")),
    "#-----------------------------------------业务明细列表结束------------------------------------",
    `#交易合计：${payments}笔，商家实收共0.00元，商家优惠共0.00元`,
    `#退款合计：${refunds}笔，商家实收退款共0.00元，商家优惠退款共0.00元`,
  ];
}

async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}

function read(lines: readonly string[]): Promise<BillLine[]> {
  return Array.fromAsync(readBillLines(each(lines)));
}

test("rows are payments and refunds, with signs that are theirs", async () => {
  assert.deepEqual(await read(textOf([PAYMENT, REFUND], { payments: 1, refunds: 1 })), [PAID, GIVEN_BACK]);
  assert.deepEqual(await read(textOf([])), []);
});

test("a bill in several files is read as one", async () => {
  const [one, other] = [textOf([PAYMENT], { payments: 1 }), textOf([REFUND], { refunds: 1 })];
  assert.deepEqual(await read([...one, ...other]), [PAID, GIVEN_BACK]);
});

test("a title or a remark may hold commas", async () => {
  for (const column of ["商品名称", "备注"]) {
    const row = { ...PAYMENT, [column]: "a,b,2026-11-30 10:00:00,c" };
    assert.deepEqual(await read(textOf([row], { payments: 1 })), [PAID], column);
  }
});

test("a row that is not as documented is told by its line", async () => {
  const odd: Row[] = [
    { ...PAYMENT, "订单金额（元）": "88,80" },
    { ...PAYMENT, "订单金额（元）": "-88.80" },
    { ...PAYMENT, 商户订单号: "\t" },
    { ...PAYMENT, 业务类型: "\t" },
    { ...PAYMENT, 券名称: "a,b" },
  ];
  const lines = await read(textOf([...odd, PAYMENT], { payments: odd.length + 1 }));
  assert.deepEqual(lines, [...odd.map((_, index) => ({ kind: "unreadable", line: index + 4 })), PAID]);
});

test("what is no bill, or not all of one, is refused", async () => {
  const whole = textOf([PAYMENT, REFUND], { payments: 1, refunds: 1 });
  for (const lines of [
    [],
    whole.slice(0, 4),
    whole.slice(0, -1),
    whole.toSpliced(3, 1),
    whole.toSpliced(2, 1),
    textOf([], { names: NAMES.filter((name) => name !== "服务费（元）") }),
    ["<html><body>502</body></html>"],
  ])
    await assert.rejects(read(lines), { reason: "BAD_ANSWER" });
});

test("the wanted files of an archive are unpacked while it arrives, and one that ends too early is refused", async () => {
  const big = "0123456789".repeat(20_000);
  const archive = zipSync({
    "a_业务明细(汇总).csv": strToU8("sums"),
    "a_业务明细.csv": strToU8(big),
    "b_业务明细.csv": [strToU8("2"), { level: 0 }],
  });
  const wanted = (name: string): boolean => name.includes("明细.csv");
  const pieces = Array.from({ length: Math.ceil(archive.length / 100) }, (_, index) =>
    archive.subarray(index * 100, index * 100 + 100),
  );
  const text = Buffer.concat(await Array.fromAsync(unzipped(each(pieces), wanted))).toString();
  assert.equal(text, `${big}2`);
  const second = Buffer.from(archive).indexOf("b_业务明细") - 30;
  for (const broken of [[Buffer.from("<html>")], pieces.slice(0, 4), [archive.subarray(0, second)]])
    await assert.rejects(Array.fromAsync(unzipped(each(broken), wanted)));
});

test("an archive with a changed byte has the same text or is refused", async () => {
  const text = textOf([PAYMENT], { payments: 1 }).join("\r\n");
  for (const level of [0, 9] as const) {
    const archive = zipSync({
      "a_业务明细(汇总).csv": strToU8("sums"),
      "a_业务明细.csv": [strToU8(text), { level }],
    });
    const unpack = async (bytes: Uint8Array): Promise<string> =>
      Buffer.concat(
        await Array.fromAsync(unzipped(each([bytes]), (name) => name.endsWith("明细.csv"))),
      ).toString();
    let refused = 0;
    for (const at of archive.keys()) {
      const changed = Buffer.from(archive);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      const read = await unpack(changed).catch(() => undefined);
      if (read === undefined) refused += 1;
      else assert.equal(read, text, `byte ${at} of ${archive.length}`);
    }
    assert.ok(refused > archive.length / 2);
  }
});
