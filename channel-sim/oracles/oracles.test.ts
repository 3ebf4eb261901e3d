import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { systemRuntime } from "@mall/kit/runtime";
import { makeAlipay } from "../credentials/make-alipay.ts";
import { makeStripe } from "../credentials/make-stripe.ts";
import { makeWechat } from "../credentials/make-wechat.ts";
import { startTestSimulator } from "../test-simulator.ts";
import { runOracle } from "./run-oracle.ts";
import { javaSdks, npmSdks, pythonSdks, type Sdks } from "./sdks.ts";

const [npm, python, java, app, certifiedApp, certified, keyed] = await Promise.all([
  npmSdks(),
  pythonSdks(),
  javaSdks(),
  makeAlipay(systemRuntime, { appId: "2021000000000001", mode: "key" }),
  makeAlipay(systemRuntime, { appId: "2021000000000002", mode: "certificate" }),
  makeWechat(systemRuntime, { mchid: "1900000001", mode: "certificate" }),
  makeWechat(systemRuntime, { mchid: "1900000002", mode: "public-key" }),
]);
const [ofNode, ofPython] = [makeStripe(systemRuntime), makeStripe(systemRuntime)];
const { simulator, url, close } = await startTestSimulator({
  alipay: [app.account, certifiedApp.account],
  stripe: [ofNode, ofPython],
  wechat: [certified.account, keyed.account],
});
simulator.speed = 10;

/** What a script saw, by the names that it gives. */
type Seen = Readonly<Record<string, unknown>>;

interface Oracle {
  readonly sdks: Sdks;
  readonly script: string;
  readonly merchant: object;
}

/** A test that is skipped, with the reason, where the language is missing. */
function agrees(title: string, { sdks, script, merchant }: Oracle, judge: (seen: Seen) => void): void {
  if ("skipped" in sdks) {
    test(title, { skip: sdks.skipped }, () => {});
    return;
  }
  test(title, async () => judge((await runOracle(sdks, script, { url, merchant })) as Seen));
}

function matches(seen: unknown, expected: object): void {
  assert.partialDeepStrictEqual(seen, expected);
}

describe("the vendors' SDKs take the simulator for the channel", { concurrency: 2, timeout: 300_000 }, () => {
  after(close);

  agrees(
    "WeChat Pay: wechatpay-axios-plugin, with platform certificates",
    { sdks: npm, script: "wechat-axios.js", merchant: certified.merchant },
    (seen) => {
      const paid = {
        mchid: "1900000001",
        appid: certified.merchant.appid,
        out_trade_no: "ax-native-1",
        trade_state: "SUCCESS",
        trade_type: "NATIVE",
        amount: { total: 100, payer_total: 100, currency: "CNY" },
      };
      matches(seen, {
        otherAmount: "OUT_TRADE_NO_USED",
        bridged: ["BRIDGE_REFUSED", "SUCCESS"],
        open: { trade_state: "NOTPAY", amount: { total: 100 } },
        paidNotice: { event_type: "TRANSACTION.SUCCESS", verified: true, told: paid },
        paid,
        closePaid: "ORDERPAID",
        bill: {
          hashed: true,
          counted: true,
          rows: [
            {
              交易状态: "SUCCESS",
              商品名称: '咖啡 +1 100% "q"',
              订单金额: "1.00",
              手续费: "0.01000",
              费率: "0.60%",
            },
            { 交易状态: "REFUND", 商户退款单号: "ax-refund-1", 退款金额: "0.30", 订单金额: "0.00" },
          ],
        },
        noBill: "PARAM_ERROR",
        refund: { status: "PROCESSING", amount: { refund: 30, total: 100 } },
        refunded: { status: "SUCCESS", out_refund_no: "ax-refund-1" },
        refundNotice: {
          verified: true,
          told: { refund_status: "SUCCESS", amount: { refund: 30, total: 100 } },
        },
        overRefund: "INVALID_REQUEST",
        close: { status: 204, state: "CLOSED" },
        absent: "ORDER_NOT_EXIST",
      });
      assert.match(JSON.stringify(seen.native), /^\{"code_url":"weixin:\/\/wxpay\/bizpayurl\?pr=\w+"\}$/);
      assert.deepEqual([seen.again, seen.byId], [seen.native, seen.paid]);
      for (const product of ["jsapi", "app"])
        assert.match(JSON.stringify(seen[product]), /^\{"prepay_id":"wx\w+"\}$/);
      assert.deepEqual(seen.flaws, {
        "answer.clock-old 295000": "none",
        "answer.clock-old 303000": "EV3_RES_HEADER_TIMESTAMP_OFFSET",
        "answer.clock-ahead 295000": "none",
        "answer.clock-ahead 303000": "EV3_RES_HEADER_TIMESTAMP_OFFSET",
        "answer.unknown-serial 0": "EV3_RES_HEADER_PLATFORM_SERIAL",
        "answer.wrong-signature 0": "EV3_RES_HEADER_SIGNATURE_DIGEST",
        "answer.unsigned 0": "EV3_RES_HEADERS_INCOMPLATE",
        "answer.rate-limited 0": "FREQUENCY_LIMITED",
        "answer.error-after 0": "SYSTEM_ERROR",
      });
    },
  );

  agrees(
    "WeChat Pay: wechatpayv3, in public-key mode",
    { sdks: python, script: "wechat_python.py", merchant: keyed.merchant },
    (seen) => {
      const paid = { out_trade_no: "py-native-1", trade_state: "SUCCESS", amount: { total: 100 } };
      matches(seen, {
        open: { status: 200, body: { trade_state: "NOTPAY" } },
        paidNotice: paid,
        paid: { status: 200, body: paid },
        byId: { status: 200, body: paid },
        refund: { status: 200, body: { status: "PROCESSING" } },
        refunded: { status: 200, body: { status: "SUCCESS", amount: { refund: 100 } } },
        refundNotice: { refund_status: "SUCCESS", out_refund_no: "py-refund-1" },
        afterRefund: { body: { trade_state: "REFUND" } },
        close: { status: 204, body: null },
        closed: { body: { trade_state: "CLOSED" } },
        absent: { status: 404, body: { code: "ORDER_NOT_EXIST" } },
        bill: { status: 200, hashed: true },
        "wrong-signature": "Exception",
        unsigned: "Exception",
      });
      const { lines } = seen.bill as { readonly lines: readonly (readonly string[])[] };
      assert.deepEqual(
        lines.map((cells) => [cells.length, cells[9], cells[16], cells[22], cells[24]]),
        [
          [27, "SUCCESS", "0.00", "0.01000", "1.00"],
          [27, "REFUND", "1.00", "-0.01000", "0.00"],
        ],
      );
    },
  );

  agrees(
    "WeChat Pay: wechatpay-java, with certificates that it fetches",
    { sdks: java, script: "WechatJava.java", merchant: certified.merchant },
    (seen) => {
      const paid = { out_trade_no: "java-native-1", trade_state: "SUCCESS", amount: { total: 100 } };
      matches(seen, {
        open: "NOTPAY",
        paidNotice: paid,
        paid,
        byId: "java-native-1",
        refund: { status: "PROCESSING" },
        refunded: { status: "SUCCESS", amount: { refund: 40, total: 100 } },
        refundNotice: { refund_status: "SUCCESS", out_refund_no: "java-refund-1" },
        bridged: "SUCCESS",
        bill: {
          verified: [true, true],
          states: ["SUCCESS", "REFUND"],
          funds: ["1.00", "0.01", "0.40"],
        },
        closed: "CLOSED",
        absent: "ORDER_NOT_EXIST",
        flaws: {
          "wrong-signature": "ValidationException",
          "unknown-serial": "ValidationException",
          unsigned: "IllegalArgumentException",
          "rate-limited": "FREQUENCY_LIMITED",
        },
      });
    },
  );

  agrees(
    "Alipay: alipay-sdk, in key mode",
    { sdks: npm, script: "alipay-node.js", merchant: app.merchant },
    (seen) => {
      const { appId: app_id, sellerId: seller_id } = app.merchant;
      const paid = { app_id, seller_id, out_trade_no: "npm-qr-1", total_amount: "1.00" };
      matches(seen, {
        precreate: { code: "10000", outTradeNo: "npm-qr-1", qrCode: `${url}/simulator/pay/alipay/npm-qr-1` },
        beforeScan: "ACQ.TRADE_NOT_EXIST",
        closeBeforeScan: "ACQ.TRADE_NOT_EXIST",
        open: { tradeStatus: "WAIT_BUYER_PAY", totalAmount: "1.00" },
        paidNotice: { verified: true, told: { ...paid, trade_status: "TRADE_SUCCESS" } },
        paid: { code: "10000", outTradeNo: "npm-qr-1", tradeStatus: "TRADE_SUCCESS" },
        closePaid: "ACQ.TRADE_STATUS_ERROR",
        refund: { code: "10000", fundChange: "Y", refundFee: "0.30" },
        again: { code: "10000", fundChange: "N", refundFee: "0.30" },
        overRefund: "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL",
        refunded: { refundStatus: "REFUND_SUCCESS", refundAmount: "0.30" },
        notRefunded: { code: "10000" },
        refundNotice: { verified: true, told: { ...paid, refund_fee: "0.30", out_biz_no: "npm-refund-1" } },
        page: "/simulator/pay/alipay/npm-page-1",
        pageState: "WAIT_BUYER_PAY",
        returned: {
          verified: true,
          told: { app_id, seller_id, out_trade_no: "npm-page-1", total_amount: "1.00" },
        },
        app: 302,
        wap: 302,
        close: { code: "10000" },
        closed: "TRADE_CLOSED",
        bill: { code: "10000", begins: "PK" },
        noBill: "isp.bill_not_exist",
      });
      assert.equal((seen.notRefunded as Seen).refundStatus, undefined);
      assert.deepEqual(seen.flaws, {
        "wrong-signature": "AlipayRequestError",
        unsigned: "TypeError",
        "rate-limited": "isv.app-call-limited",
        "error-after": "isp.unknow-error",
        html: "AlipayRequestError",
      });
    },
  );

  agrees(
    "Alipay: python-alipay-sdk, in key mode",
    { sdks: python, script: "alipay_python.py", merchant: app.merchant },
    (seen) =>
      matches(seen, {
        precreate: { code: "10000" },
        beforeScan: "ACQ.TRADE_NOT_EXIST",
        paidNotice: { verified: true, told: { trade_status: "TRADE_SUCCESS", total_amount: "1.00" } },
        paid: { trade_status: "TRADE_SUCCESS", total_amount: "1.00" },
        refund: { fund_change: "Y", refund_fee: "1.00" },
        refunded: { refund_status: "REFUND_SUCCESS" },
        refundNotice: { verified: true, told: { trade_status: "TRADE_CLOSED", refund_fee: "1.00" } },
        close: { code: "10000", out_trade_no: "py-wap-1" },
        closed: { trade_status: "TRADE_CLOSED" },
        bill: {
          files: ["业务明细.csv", "业务明细(汇总).csv"],
          rows: [
            { 业务类型: "交易\t", "订单金额（元）": "1.00", "服务费（元）": "-0.01", 备注: "" },
            {
              业务类型: "退款\t",
              "订单金额（元）": "-1.00",
              "退款批次号/请求号": "py-refund-1\t",
              "服务费（元）": "0.01",
            },
          ],
        },
        wrongSignature: "AliPayValidationError",
      }),
  );

  agrees(
    "Alipay: alipay-sdk-java, in certificate mode",
    { sdks: java, script: "AlipayJava.java", merchant: certifiedApp.merchant },
    (seen) => {
      const answered = (success: boolean, node: string, body: object) => ({
        success,
        answer: { [`alipay_trade_${node}_response`]: body },
      });
      matches(seen, {
        precreate: answered(true, "precreate", { code: "10000" }),
        beforeScan: answered(false, "query", { sub_code: "ACQ.TRADE_NOT_EXIST" }),
        paidNotice: { verified: "true", trade_status: "TRADE_SUCCESS", total_amount: "1.00" },
        paid: answered(true, "query", { trade_status: "TRADE_SUCCESS" }),
        refund: answered(true, "refund", { fund_change: "Y", refund_fee: "0.40" }),
        refunded: answered(true, "fastpay_refund_query", { refund_status: "REFUND_SUCCESS" }),
        refundNotice: { verified: "true", refund_fee: "0.40", out_biz_no: "java-refund-1" },
        page: 302,
        close: answered(true, "close", { out_trade_no: "java-page-1" }),
        closed: answered(true, "query", { trade_status: "TRADE_CLOSED" }),
        bill: { "业务明细.csv": ["交易", "退款"], "业务明细(汇总).csv": [] },
        flaws: {
          "wrong-signature": { error: "AlipayApiException" },
          unsigned: { error: "AlipayApiException" },
          "unknown-serial": { error: "AlipayApiException" },
        },
      });
    },
  );

  agrees("Stripe: stripe of npm", { sdks: npm, script: "stripe-node.js", merchant: ofNode }, (seen) => {
    const invalid = { type: "StripeInvalidRequestError", statusCode: 400 };
    const metadata = { "a b": "1+1 ~!*é" };
    matches(seen, {
      created: { status: "requires_payment_method", amount: 1_000, currency: "usd", metadata },
      replayed: { same: true, header: "true" },
      otherParameters: { type: "StripeIdempotencyError", statusCode: 400 },
      unknownParameter: { ...invalid, code: "parameter_unknown", param: "bogus" },
      missingParameter: { ...invalid, code: "parameter_missing", param: "amount" },
      declined: {
        type: "StripeCardError",
        code: "card_declined",
        decline_code: "insufficient_funds",
        statusCode: 402,
      },
      afterDecline: "requires_payment_method",
      failedEvent: "insufficient_funds",
      confirmed: "succeeded",
      paidEvent: { object: { amount_received: 1_000, metadata }, version: "2026-10-28.endive" },
      paid: { latest_charge: { balance_transaction: { amount: 1_000, fee: 59, net: 941 } } },
      cancelPaid: { ...invalid, code: "payment_intent_unexpected_state" },
      secure: { status: "requires_action", action: "redirect_to_url" },
      authenticated: "succeeded",
      refund: { status: "succeeded", amount: 300 },
      refundEvent: 300,
      overRefund: { ...invalid, param: "amount" },
      refunds: { count: 3, last: true },
      balance: [
        ["refund", -100, 0, -100, "refund", {}],
        ["refund", -100, 0, -100, "refund", {}],
        ["refund", -300, 0, -300, "refund", {}],
        ["charge", 1_000, 59, 941, "charge", metadata],
      ],
      session: { status: "open", payment_status: "unpaid", amount_total: 500, payment_intent: null },
      thanks: true,
      completedEvent: "paid",
      completed: { status: "complete", payment_intent: { status: "succeeded", metadata: { order: "1" } } },
      expirePaid: invalid,
      expired: "expired",
      canceled: "canceled",
      absent: { type: "StripeInvalidRequestError", code: "resource_missing", statusCode: 404 },
      stranger: { type: "StripeAuthenticationError", statusCode: 401 },
      // 300, twice 100, and what was sent twice under one key, twice.
      afterFaults: 600,
      // A time and the signatures of both secrets.
      rolled: 3,
      "clock-old": "StripeSignatureVerificationError",
      "wrong-signature": "StripeSignatureVerificationError",
      tampered: "StripeSignatureVerificationError",
    });
  });

  agrees("Stripe: stripe of PyPI", { sdks: python, script: "stripe_python.py", merchant: ofPython }, (seen) =>
    assert.deepEqual(seen, {
      created: { status: "requires_payment_method", metadata: { "a b": "1+1 é" }, currency: "jpy" },
      replayed: true,
      declined: { type: "CardError", code: "card_declined", status: 402 },
      confirmed: "succeeded",
      paid: 500,
      cancelPaid: { type: "InvalidRequestError", code: "payment_intent_unexpected_state", status: 400 },
      refund: "succeeded",
      refunds: [200],
      balance: [
        ["refund", -200, 0, "refund"],
        ["charge", 500, 45, "charge"],
      ],
      unknownParameter: { type: "InvalidRequestError", code: "parameter_unknown", status: 400 },
      session: ["complete", "paid", 900],
    }),
  );

  test("sign what the golden vectors hold", { skip: "skipped" in npm && npm.skipped }, async () => {
    if ("skipped" in npm) return;
    const read = (name: string) =>
      JSON.parse(readFileSync(join(import.meta.dirname, "../vectors", `${name}.json`), "utf8"));
    const [alipay, wechat, stripe] = ["alipay", "wechat", "stripe"].map(read);
    assert.equal(alipay.notification.verified, true);
    assert.deepEqual(await runOracle(npm, "vectors.js", { keys: read("keys") }), { alipay, wechat, stripe });
  });
});
