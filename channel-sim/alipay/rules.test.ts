import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readYuan, yuan } from "../core/yuan.ts";
import { alipayRequests } from "./requests.ts";
import { closeTrade, openTrade, payTrade, refundTrade, scanTrade } from "./rules.ts";
import { type AlipayTrade, refundQueriedOf, statusOf } from "./trade.ts";

/** 20:00 in China. */
const NOW = Date.UTC(2026, 10, 28, 12);
const HOUR_MS = 3_600_000;

function open(more: object = {}, known?: AlipayTrade): AlipayTrade {
  const content = { out_trade_no: "A1", total_amount: "1.00", subject: "x", ...more };
  const request = alipayRequests.pay.parse(content);
  const params = { app_id: "app", notify_url: "http://127.0.0.1/" };
  return openTrade(
    known,
    { product: "precreate", params, request },
    { now: NOW, tradeNo: "T", buyerId: "B" },
  );
}

const refund = (refund_amount: string, out_request_no?: string) =>
  alipayRequests.refund.parse({ out_trade_no: "A1", refund_amount, out_request_no });
const course = (outcome: "succeeded" | "failed") => () => ({ outcome, settleAt: NOW });
const subCode = (code: string) => ({ message: code });

describe("Alipay's trades", () => {
  test("are nobody's until they are scanned, and can be neither closed nor refunded before", () => {
    const trade = open();
    assert.throws(() => closeTrade(trade, NOW), subCode("ACQ.TRADE_NOT_EXIST"));
    assert.throws(
      () => refundTrade(trade, refund("1"), course("succeeded"), NOW),
      subCode("ACQ.TRADE_NOT_EXIST"),
    );
    const scanned = scanTrade(trade, NOW);
    assert.equal(statusOf(closeTrade(scanned, NOW), NOW), "TRADE_CLOSED");
  });

  test("end when the request says: after minutes, days, with the day in China, or at a time there", () => {
    for (const [when, expireAt] of [
      [{ timeout_express: "90m" }, NOW + 1.5 * HOUR_MS],
      [{ timeout_express: "2d" }, NOW + 48 * HOUR_MS],
      [{ timeout_express: "1c" }, NOW + 4 * HOUR_MS],
      [{ time_expire: "2026-11-28 21:00:00", timeout_express: "2d" }, NOW + HOUR_MS],
    ] as const) {
      const trade = scanTrade(open(when), NOW);
      assert.equal(trade.expireAt, expireAt);
      assert.equal(statusOf(trade, expireAt - 1), "WAIT_BUYER_PAY");
      assert.equal(statusOf(trade, expireAt), "TRADE_CLOSED");
    }
    assert.throws(() => open({ time_expire: "2026-11-28 20:00:00" }), /INVALID_PARAMETER/);
  });

  test("keep their number: the same request again, and no other", () => {
    const trade = open();
    assert.equal(open({}, trade), trade);
    assert.throws(() => open({ total_amount: "2.00" }, trade), subCode("ACQ.CONTEXT_INCONSISTENT"));
    const paid = payTrade(trade, { total: undefined, late: false }, NOW);
    assert.throws(() => open({}, paid), subCode("ACQ.TRADE_HAS_SUCCESS"));
  });

  test("are refunded once for each number, again after a failure, and never above what was paid", () => {
    const paid = payTrade(open(), { total: undefined, late: false }, NOW);
    const failed = refundTrade(paid, refund("0.60", "r1"), course("failed"), NOW);
    assert.equal(refundQueriedOf(failed, "r1", NOW).refund_status, undefined);
    const done = refundTrade(failed, refund("0.60", "r1"), course("succeeded"), NOW);
    assert.equal(refundQueriedOf(done, "r1", NOW).refund_status, "REFUND_SUCCESS");
    assert.equal(refundTrade(done, refund("0.6", "r1"), course("succeeded"), NOW), done);
    const again = (amount: string, number?: string) => () =>
      refundTrade(done, refund(amount, number), course("succeeded"), NOW);
    assert.throws(again("0.50", "r1"), subCode("ACQ.DISCORDANT_REPEAT_REQUEST"));
    assert.throws(again("0.41", "r2"), subCode("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"));
    const whole = again("0.40")();
    assert.equal(statusOf(whole, NOW), "TRADE_CLOSED");
    assert.equal(statusOf(done, NOW + 366 * 24 * HOUR_MS), "TRADE_FINISHED");
  });

  test("have amounts in yuan with at most two decimals", () => {
    for (const [text, fen] of [
      ["0.01", 1],
      ["1", 100],
      ["1.5", 150],
      ["100000000.00", 10_000_000_000],
    ] as const) {
      assert.equal(readYuan(text), fen);
      assert.equal(readYuan(yuan(fen)), fen);
    }
    for (const text of ["", "1.", ".5", "1.005", "-1", "1e2", " 1"]) assert.equal(readYuan(text), undefined);
  });
});
