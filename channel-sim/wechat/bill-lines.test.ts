import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { billText } from "./bill-file.ts";
import { linesOf, linesOn } from "./bill-lines.ts";
import type { WechatRefund, WechatTrade } from "./trade.ts";

const DAY = { date: "2026-11-28", startsAt: Date.parse("2026-11-28T00:00:00+08:00") };
const at = (time: string) => Date.parse(`${DAY.date}T${time}+08:00`);

function refundOf(number: string, amount: number, more: Partial<WechatRefund> = {}): WechatRefund {
  const createdAt = at("12:00:00");
  const common = { reason: "", notifyUrl: "", createdAt, settleAt: createdAt + 5_000 };
  return { ...common, outRefundNo: number, refundId: `5030${number}`, amount, outcome: "SUCCESS", ...more };
}

function paid(outTradeNo: string, total: number, more: Partial<WechatTrade> = {}): WechatTrade {
  const paidAt = at("10:00:00");
  return {
    ...{ outTradeNo, mchid: "1900000001", appid: "wx1", product: "native", asked: "", total, openid: "o1" },
    ...{ description: "茶", expireAt: paidAt, notifyUrl: "", prepayId: "", codeUrl: "", closed: false },
    payment: { transactionId: `4200${outTradeNo}`, total, paidAt },
    refunds: [],
    ...more,
  };
}

const feesOf = (trade: WechatTrade) => linesOf(trade).map(({ fee }) => fee);

describe("lines of WeChat Pay's bills", () => {
  test("a payment costs 0.6 %, rounded to fen, half up", () => {
    const fees = [
      [1, 0],
      [83, 0],
      [84, 1],
      [250, 2],
      [600, 4],
      [6_000, 36],
      [100_000_000_00, 60_000_000],
    ] as const;
    for (const [total, fee] of fees) assert.deepEqual(feesOf(paid("a", total)), [fee]);
  });

  test("refunds give the fee back by their share, half to even, and all of it in the end", () => {
    const tenths = Array.from({ length: 10 }, (_, index) => refundOf(`r${index}`, 85));
    const fees = feesOf(paid("a", 850, { refunds: tenths }));
    assert.deepEqual(fees, [5, 0, -1, 0, -1, 0, -1, 0, -1, 0, -1]);
    assert.equal(
      fees.reduce((sum, fee) => sum + fee, 0),
      0,
    );
    const huge = [refundOf("r1", 33_333_333_33), refundOf("r2", 66_666_666_67)];
    const feesOfHuge = feesOf(paid("a", 100_000_000_00, { refunds: huge }));
    assert.deepEqual(feesOfHuge, [60_000_000, -20_000_000, -40_000_000]);
    const failing = [refundOf("r1", 600, { outcome: "ABNORMAL" }), refundOf("r2", 600)];
    assert.deepEqual(feesOf(paid("a", 600, { refunds: failing })), [4, 0, -4]);
  });

  test("are those of a day in China: of the payment, and of the refund's request", () => {
    const day = { ...DAY, endsAt: DAY.startsAt + 86_400_000 };
    const payment = (paidAt: number) => ({ payment: { transactionId: "1", total: 1, paidAt } });
    const trades = [
      paid("last", 1, payment(day.endsAt - 1)),
      paid("after", 1, payment(day.endsAt)),
      paid("before", 1, {
        ...payment(day.startsAt - 1),
        refunds: [refundOf("r1", 1, { createdAt: day.endsAt - 2, settleAt: day.endsAt + 1 })],
      }),
      paid("first", 1, payment(day.startsAt)),
      { ...paid("open", 1), payment: undefined },
    ];
    const found = linesOn(
      day,
      trades.map(({ payment, ...trade }) => ({ ...trade, ...(payment && { payment }) })),
    );
    assert.deepEqual(
      found.map(({ trade, refund }) => [trade.outTradeNo, refund?.outRefundNo]),
      [
        ["first", undefined],
        ["before", "r1"],
        ["last", undefined],
      ],
    );
  });

  test("are written as the documents say, type by type", () => {
    const trade = paid("order-1", 600, {
      description: '茶, "二" `三`\r\n四',
      attach: "a,b",
      refunds: [refundOf("refund-1", 250), refundOf("refund-2", 100, { outcome: "ABNORMAL" })],
    });
    const madeAt = at("12:00:06");
    const lines = linesOf(trade);
    const order = "wx1,`1900000001,`0,`,`4200order-1,`order-1,`o1,`NATIVE";
    const goods = '茶, "二" `三` 四,`a,b';
    const payment = [
      `\`2026-11-28 10:00:00,\`${order},\`SUCCESS,\`OTHERS,\`CNY,\`6.00,\`0.00`,
      ",`0,`0,`0.00,`0.00,`,`",
      `,\`${goods},\`0.04000,\`0.60%,\`6.00`,
    ] as const;
    const refund = (time: string) => `\`2026-11-28 ${time},\`${order},\`REFUND,\`OTHERS,\`CNY,\`0.00,\`0.00`;
    const first = [
      ",`5030refund-1,`refund-1,`2.50,`0.00,`ORIGINAL,`SUCCESS",
      `,\`${goods},\`-0.02000,\`0.60%,\`0.00,\`2.50,\``,
    ].join("");
    const second = [
      ",`5030refund-2,`refund-2,`1.00,`0.00,`ORIGINAL,`CHANGE",
      `,\`${goods},\`0.00000,\`0.60%,\`0.00,\`1.00,\``,
    ].join("");
    const [orderNames, refundNames, goodsNames] = [
      "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额",
      "微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态",
      "商品名称,商户数据包,手续费,费率,订单金额",
    ];
    const totals =
      "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";
    const texts = {
      ALL: [
        `${orderNames},${refundNames},${goodsNames},申请退款金额,费率备注`,
        `${payment.join("")},\`0.00,\``,
        refund("12:00:00") + first,
        refund("12:00:00") + second,
        totals,
        "`3,`6.00,`3.50,`0.00,`0.02000,`6.00,`3.50",
      ],
      SUCCESS: [
        `${orderNames},${goodsNames},费率备注`,
        `${payment[0]}${payment[2]},\``,
        "总交易单数,应结订单总金额,手续费总金额,订单总金额",
        "`1,`6.00,`0.04000,`6.00",
      ],
      REFUND: [
        `${orderNames},退款申请时间,退款成功时间,${refundNames},${goodsNames},申请退款金额,费率备注`,
        `${refund("10:00:00")},\`2026-11-28 12:00:00,\`2026-11-28 12:00:05${first}`,
        `${refund("10:00:00")},\`2026-11-28 12:00:00,\`${second}`,
        totals,
        "`2,`0.00,`3.50,`0.00,`-0.02000,`0.00,`3.50",
      ],
    } as const;
    const wanted = { ALL: lines, SUCCESS: lines.slice(0, 1), REFUND: lines.slice(1) };
    for (const type of ["ALL", "SUCCESS", "REFUND"] as const) {
      const expected = `\uFEFF${texts[type].join("\r\n")}\r\n`;
      assert.equal(billText({ type, lines: wanted[type], madeAt }), expected);
    }
    assert.match(billText({ type: "REFUND", lines: lines.slice(1), madeAt: madeAt - 2_000 }), /PROCESSING/);
  });
});
