import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Call } from "@mall/kit/call";
import type { Answer, PrepayRequest } from "../channel.ts";
import { PAY_SOURCE } from "../pay-source.ts";
import {
  type AlipayWorld,
  accountWith,
  answered,
  answerOf,
  GATEWAY,
  golden,
  KEYS,
  openAlipayWorld,
  signedBy,
} from "./test-alipay-world.ts";

const call = new Call();
const trade = { outTradeNo: "o1", channelRef: "", beganAt: 0 };
const TOLD = { code: "10000", msg: "Success", out_trade_no: "o1", trade_no: "T1", total_amount: "88.80" };
const refund = { trade, refundNo: "R1", amount: 100, currency: "CNY", total: 8880 };

function attempt(world: AlipayWorld, more: Partial<PrepayRequest> = {}): PrepayRequest {
  const expireAt = world.runtime.now() + 600_000;
  return {
    ...{ outTradeNo: "o1", amount: 8880, currency: "CNY", subject: "订单 7/8 a=b&c", expireAt },
    product: "qr",
    ...more,
  };
}

/** What becomes of a query that is answered with this. */
async function queried(node: object | string): Promise<Answer<unknown>> {
  const world = openAlipayWorld();
  world.answer = ({ method }) => answerOf(method, node);
  return world.channel.query(call, trade);
}

describe("prepay", () => {
  it("asks for a code, and says until when it may be paid in China's time", async () => {
    const world = openAlipayWorld();
    world.answer = ({ method }) =>
      answerOf(method, { code: "10000", out_trade_no: "o1", qr_code: "https://qr.test/1" });
    assert.deepEqual(await world.channel.prepay(call, attempt(world)), {
      kind: "yes",
      value: { credential: { kind: "qr", text: "https://qr.test/1" } },
    });
    const [asked] = world.asked;
    assert.equal(asked?.method, "alipay.trade.precreate");
    assert.deepEqual(asked.content, {
      out_trade_no: "o1",
      total_amount: "88.80",
      subject: "订单 7／8 a＝b＆c",
      time_expire: "2027-01-01 00:10:00",
    });
    assert.equal(asked.parameters.get("notify_url"), "https://shop.test/notify");
    assert.ok([...asked.parameters.values()].every((value) => value !== ""));
  });

  it("signs links and order strings without asking anybody", async () => {
    const world = openAlipayWorld();
    const opened = async (product: PrepayRequest["product"]) => {
      const answer = await world.channel.prepay(
        call,
        attempt(world, { product, returnUrl: "https://shop.test/back" }),
      );
      assert.ok(answer.kind === "yes");
      const { kind, text } = answer.value.credential;
      const query = product === "app" ? text : text.slice(GATEWAY.length + 1);
      const parameters = new Map(new URLSearchParams(query));
      const { sign = "", ...signed } = Object.fromEntries(parameters);
      const names = Object.keys(signed).sort();
      const expected = signedBy(
        golden.keys.app.pkcs1,
        names.map((name) => `${name}=${signed[name]}`).join("&"),
      );
      assert.equal(sign, expected);
      const { product_code, quit_url } = JSON.parse(signed.biz_content ?? "");
      return [kind, signed.method, product_code, signed.return_url, quit_url, signed.notify_url];
    };
    const [back, notify] = ["https://shop.test/back", "https://shop.test/notify"];
    assert.deepEqual(await Promise.all([opened("page"), opened("wap"), opened("app")]), [
      ["url", "alipay.trade.page.pay", "FAST_INSTANT_TRADE_PAY", back, undefined, notify],
      ["url", "alipay.trade.wap.pay", "QUICK_WAP_WAY", back, back, notify],
      ["sdk", "alipay.trade.app.pay", "QUICK_MSECURITY_PAY", undefined, undefined, notify],
    ]);
    assert.deepEqual(world.asked, []);
  });

  it("refuses what Alipay has not, and signs nothing without a key that may be used", async () => {
    const world = openAlipayWorld();
    const dollars = await world.channel.prepay(call, attempt(world, { currency: "USD" }));
    assert.deepEqual(
      [dollars.kind, dollars.kind === "no" && dollars.reason],
      ["no", "CURRENCY_NOT_SUPPORTED"],
    );
    assert.equal((await world.channel.prepay(call, attempt(world, { product: "jsapi" }))).kind, "no");
    const later = { ...KEYS, PrivateKeys: [{ PrivateKey: golden.keys.app.pkcs1, NotBefore: "2028-01-01" }] };
    const keyless = openAlipayWorld(accountWith(later));
    for (const product of ["qr", "page"] as const)
      assert.equal((await keyless.channel.prepay(call, attempt(keyless, { product }))).kind, "unknown");
    assert.deepEqual(keyless.asked, []);
  });

  it("belongs to an account with a name and products of its own", () => {
    const { channel } = openAlipayWorld(accountWith(KEYS, { Name: "alipay-hk", Products: ["wap", "app"] }));
    assert.deepEqual(
      [channel.name, channel.source, channel.products],
      ["alipay-hk", PAY_SOURCE.alipay, ["wap", "app"]],
    );
  });
});

describe("a query", () => {
  it("goes by the state, and of a closed trade by what is said of money", async () => {
    const paid = (more: object = {}) => ({
      kind: "yes",
      value: {
        state: "paid",
        tradeNo: "T1",
        amount: 8880,
        currency: "CNY",
        paidAt: Date.parse("2027-01-01T00:00:00+08:00"),
        ...more,
      },
    });
    const state = (of: string) => ({ kind: "yes", value: { state: of } });
    const cases: [object, object][] = [
      [{ trade_status: "WAIT_BUYER_PAY" }, state("open")],
      [{ trade_status: "TRADE_SUCCESS" }, paid()],
      [
        { trade_status: "TRADE_FINISHED", send_pay_date: "2026-12-31 23:00:00" },
        paid({ paidAt: Date.parse("2026-12-31T23:00:00+08:00") }),
      ],
      [{ trade_status: "TRADE_SUCCESS", trans_currency: "USD" }, paid({ currency: "USD" })],
      [
        { trade_status: "TRADE_CLOSED", receipt_amount: "0.00", buyer_pay_amount: "", send_pay_date: "" },
        state("closed"),
      ],
      [{ trade_status: "TRADE_CLOSED", receipt_amount: "88.80" }, paid()],
      [
        { trade_status: "TRADE_CLOSED", receipt_amount: "0.00", send_pay_date: "2027-01-01 00:00:00" },
        paid(),
      ],
    ];
    for (const [told, outcome] of cases)
      assert.deepEqual(await queried({ ...TOLD, ...told }), outcome, JSON.stringify(told));
  });

  it("believes nothing that it cannot read, or that is about another trade", async () => {
    const wrong: object[] = [
      { trade_status: "TRADE_PENDING" },
      { out_trade_no: "o2" },
      ...["8.888", "-1", "1e3", "", 88.8, null, "9".repeat(400), ["88.80"]].map((total_amount) => ({
        total_amount,
      })),
      ...["", "x".repeat(65), 7, null, "a b"].map((trade_no) => ({ trade_no })),
      { trade_status: 1 },
      { send_pay_date: "2027-02-30 00:00:00" },
      { trans_currency: "usd" },
      { receipt_amount: "one" },
      { code: 10000 },
      { code: "10000 " },
      { code: undefined },
    ];
    for (const each of wrong) {
      const answer = await queried({ ...TOLD, trade_status: "TRADE_SUCCESS", ...each });
      assert.equal(answer.kind, "unknown", JSON.stringify(each));
    }
    const twice = JSON.stringify({ ...TOLD, trade_status: "TRADE_SUCCESS" }).replace(
      "{",
      '{"total_amount":"1.00",',
    );
    for (const text of [twice, "[]", "null", '"10000"', "{}"])
      assert.equal((await queried(text)).kind, "unknown", text);
  });

  it("tells refusals from troubles", async () => {
    const kinds: [object, string][] = [
      [{ code: "40004", sub_code: "ACQ.TRADE_NOT_EXIST" }, "absent"],
      [
        { code: "40004", sub_code: "ACQ.INVALID_PARAMETER", sub_msg: "参数无效" },
        "no INVALID_PARAMETER 参数无效",
      ],
      [{ code: "40002", sub_code: "isv.invalid-signature" }, "no ISV_INVALID_SIGNATURE m"],
      [{ code: "40006" }, "no CODE_40006 m"],
      [{ code: "40004", sub_code: "ACQ.SYSTEM_ERROR" }, "unknown"],
      [{ code: "40004", sub_code: "isp.unknow-error" }, "unknown"],
      [{ code: "40004", sub_code: "aop.ACQ.SYSTEM_ERROR" }, "unknown"],
      [{ code: "40005", sub_code: "isv.app-call-limited" }, "unknown"],
      [{ code: "20000", sub_code: "isp.unknow-error" }, "unknown"],
      [{ code: "20000" }, "unknown"],
      [{ code: "10003" }, "unknown"],
      [{ sub_code: "ACQ.TRADE_NOT_EXIST" }, "unknown"],
    ];
    for (const [node, expected] of kinds) {
      const answer = await queried({ msg: "m", ...node });
      const told =
        answer.kind === "no"
          ? `no ${answer.reason} ${answer.message}`
          : answer.kind === "yes"
            ? "absent"
            : "unknown";
      assert.equal(told, expected, JSON.stringify(node));
    }
  });

  it("takes an answer as Alipay may write it, and none without a good signature", async () => {
    const node = JSON.stringify({ ...TOLD, trade_status: "WAIT_BUYER_PAY", note: '"sign":"x" } { \\/' });
    const key = golden.keys.alipay.private;
    const sign = signedBy(key, node);
    const slashes = node.replaceAll("/", "\\/");
    const good = [
      `{"alipay_trade_query_response":${node},"sign":"${sign}"}`,
      `{"sign":"${sign}","alipay_trade_query_response":${node}}`,
      `{"alipay_cert_sn":"x","alipay_trade_query_response":${node},"more":[{}],"sign":"${sign}"}`,
      ` { "alipay_trade_query_response" :\n${node} ,\t"sign" : "${sign.replaceAll("/", "\\/")}" } \n`,
      `{"alipay_trade_query_response":${slashes},"sign":"${signedBy(key, slashes.replaceAll("\\/", "/"))}"}`,
    ];
    const bad = [
      `{"alipay_trade_query_response":${node}}`,
      `{"alipay_trade_query_response":${node},"sign":""}`,
      `{"alipay_trade_query_response":${node},"sign":null}`,
      `{"alipay_trade_query_response":${node},"sign":["${sign}"]}`,
      `{"alipay_trade_query_response":${node},"sign":"${sign} "}`,
      `{"alipay_trade_query_response":${node},"sign":"${signedBy(golden.keys.app.pkcs1, node)}"}`,
      `{"alipay_trade_close_response":${node},"sign":"${sign}"}`,
      `{"alipay_trade_query_response":${node},"alipay_trade_query_response":${node},"sign":"${sign}"}`,
      `{"alipay_trade_query_response":${node},"error_response":${node},"sign":"${sign}"}`,
      `{"alipay_trade_query_response":${node},"sign":"${sign}"}}`,
      `\ufeff{"alipay_trade_query_response":${node},"sign":"${sign}"}`,
      `[${node}]`,
      "",
      "<html>502</html>",
      `${"[".repeat(1e5)}`,
    ];
    const world = openAlipayWorld();
    const kindOf = async (text: string, status = 200) => {
      world.answer = () => answered(text, status);
      return (await world.channel.query(call, trade)).kind;
    };
    for (const text of good) assert.equal(await kindOf(text), "yes", text);
    for (const text of bad) assert.equal(await kindOf(text), "unknown", text.slice(0, 200));
    for (const status of [201, 302, 400, 500]) assert.equal(await kindOf(good[0] ?? "", status), "unknown");
    world.answer = () => answered(`{"error_response":${node},"sign":"${sign}"}`);
    assert.equal((await world.channel.query(call, trade)).kind, "yes");
  });

  it("has no end where none comes, and is not sent without time", async () => {
    const world = openAlipayWorld();
    world.answer = () => {
      throw new Error("lost");
    };
    assert.equal((await world.channel.query(call, trade)).kind, "unknown");
    const late = new Call({ deadline: world.runtime.now() });
    assert.equal((await world.channel.query(late, trade)).kind, "unknown");
    assert.equal(world.asked.length, 1);
  });
});

describe("close", () => {
  const asked = async (close: object, query: object = {}) => {
    const world = openAlipayWorld();
    world.answer = ({ method }) =>
      answerOf(method, method === "alipay.trade.close" ? close : { ...TOLD, ...query });
    const answer = await world.channel.close(call, trade);
    return answer.kind === "yes" ? answer.value.state : answer.kind;
  };

  it("ends in closed, paid or absent, and asks where Alipay refuses", async () => {
    assert.equal(await asked({ code: "10000", out_trade_no: "o1" }), "closed");
    assert.equal(await asked({ code: "10000", out_trade_no: "o2" }), "unknown");
    assert.equal(await asked({ code: "40004", sub_code: "ACQ.TRADE_NOT_EXIST" }), "absent");
    const refused = { code: "40004", sub_code: "ACQ.TRADE_STATUS_ERROR" };
    assert.equal(await asked(refused, { trade_status: "TRADE_SUCCESS" }), "paid");
    assert.equal(await asked(refused, { trade_status: "TRADE_CLOSED" }), "closed");
    assert.equal(await asked(refused, { trade_status: "WAIT_BUYER_PAY" }), "no");
    assert.equal(await asked(refused, { code: "20000" }), "unknown");
    assert.equal(await asked({ code: "20000" }), "unknown");
  });
});

describe("refund", () => {
  const OK = { code: "10000", out_trade_no: "o1" };
  const asked = async (refunded: object, queried: object = {}) => {
    const world = openAlipayWorld();
    world.answer = ({ method }) => answerOf(method, method === "alipay.trade.refund" ? refunded : queried);
    const answer = await world.channel.refund(call, refund);
    return [answer.kind === "yes" ? answer.value.state : answer.kind, world.asked.length];
  };

  it("is made where money moved, else where it is found made", async () => {
    const made = { ...OK, out_request_no: "R1", refund_status: "REFUND_SUCCESS" };
    assert.deepEqual(await asked({ ...OK, fund_change: "Y", refund_fee: "5.00" }), ["succeeded", 1]);
    assert.deepEqual(await asked({ ...OK, fund_change: "N" }, made), ["succeeded", 2]);
    assert.deepEqual(await asked(OK, OK), ["processing", 2]);
    assert.deepEqual(await asked(OK, { code: "20000" }), ["processing", 2]);
    assert.deepEqual(await asked({ ...OK, out_trade_no: "o2", fund_change: "Y" }), ["unknown", 1]);
    assert.deepEqual(await asked({ code: "40004", sub_code: "ACQ.SELLER_BALANCE_NOT_ENOUGH" }), ["no", 1]);
    assert.deepEqual(await asked({ code: "40004", sub_code: "ACQ.SYSTEM_ERROR" }), ["unknown", 1]);
  });

  it("is told in yuan, with its own number, and never of more than was paid", async () => {
    const world = openAlipayWorld();
    world.answer = ({ method }) => answerOf(method, { ...OK, fund_change: "Y" });
    await world.channel.refund(call, refund);
    assert.deepEqual(world.asked[0]?.content, {
      out_trade_no: "o1",
      refund_amount: "1.00",
      out_request_no: "R1",
    });
    for (const more of [{ amount: 8881 }, { currency: "USD" }])
      assert.equal((await world.channel.refund(call, { ...refund, ...more })).kind, "no");
    assert.equal(world.asked.length, 1);
  });

  it("is absent as long as Alipay says no more than 10000", async () => {
    const world = openAlipayWorld();
    const told = async (node: object) => {
      world.answer = ({ method }) => answerOf(method, node);
      const answer = await world.channel.queryRefund(call, { trade, refundNo: "R1" });
      return answer.kind === "yes" ? answer.value.state : answer.kind;
    };
    const done = { ...OK, out_request_no: "R1", refund_status: "REFUND_SUCCESS" };
    assert.equal(await told(done), "succeeded");
    assert.equal(await told(OK), "absent");
    assert.equal(await told({ ...OK, refund_status: "" }), "absent");
    assert.equal(await told({ code: "40004", sub_code: "ACQ.TRADE_NOT_EXIST" }), "absent");
    assert.equal(await told({ code: "40004", sub_code: "TRADE_NOT_EXIST" }), "absent");
    assert.equal(await told({ ...done, out_request_no: "R2" }), "unknown");
    assert.equal(await told({ ...done, out_trade_no: "o2" }), "unknown");
    assert.equal(await told({ ...done, refund_status: "SOMETHING_NEW" }), "unknown");
    assert.equal(await told({ code: "40006" }), "no");
  });
});
