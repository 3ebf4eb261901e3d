import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { systemRuntime } from "@mall/kit/runtime";
import { makeWechat } from "../credentials/make-wechat.ts";
import { startTestSimulator } from "../test-simulator.ts";
import { runOracle } from "./run-oracle.ts";
import { javaSdks, npmSdks, pythonSdks, type Sdks } from "./sdks.ts";

const [npm, python, java, certified, keyed] = await Promise.all([
  npmSdks(),
  pythonSdks(),
  javaSdks(),
  makeWechat(systemRuntime, { mchid: "1900000001", mode: "certificate" }),
  makeWechat(systemRuntime, { mchid: "1900000002", mode: "public-key" }),
]);
const { simulator, url, close } = await startTestSimulator({ wechat: [certified.account, keyed.account] });
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
        open: { trade_state: "NOTPAY", amount: { total: 100 } },
        paidNotice: { event_type: "TRANSACTION.SUCCESS", verified: true, told: paid },
        paid,
        closePaid: "ORDERPAID",
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
        "wrong-signature": "Exception",
        unsigned: "Exception",
      });
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
});
