import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { forEachDatabase } from "@mall/kit/testing";
import { ATTEMPT_STATE } from "../model/attempt-state.ts";
import { beginningOf } from "../model/pay-attempt-model.ts";
import { PAY_STATUS } from "../model/pay-state.ts";
import { REFUND_CAUSE, REFUND_STATE } from "../model/refund-state.ts";
import type { RefundSearchRequest, SearchRequest } from "../rpc/gen/pay.ts";
import { call, openPayWorld, type PayWorld, refused } from "../rpc/test-pay-world.ts";

const ANY = { text: "", channel: "", before: 0, limit: 0 };
const ANY_REFUND = { ...ANY, cause: "" };
/** Rows that a page looks at. */
const LOOKED_AT_MAX = 5_000;
const DAY_MS = 24 * 3_600_000;

forEachDatabase("the search", (databases) => {
  let world: PayWorld;
  before(async () => {
    world = await openPayWorld(databases);
  });
  after(() => world.close());

  const search = async (request: Partial<SearchRequest>) =>
    world.client.search(call(), { ...ANY, ...request });
  const idsOf = async (request: Partial<SearchRequest>): Promise<(number | undefined)[]> =>
    (await search(request)).payments.map(({ payment }) => payment?.id);
  const refundNos = async (request: Partial<RefundSearchRequest>): Promise<string[]> =>
    (await world.client.refundSearch(call(), { ...ANY_REFUND, ...request })).refunds.map(
      ({ refundNo }) => refundNo,
    );
  let others = 500_000;
  /** A payment as it stands in the table, of an order of its own, with an attempt and refunds where they are wanted. */
  const write = async (
    pay: { uid?: number; status?: number; amount?: number },
    attempt?: { channel: string; outTradeNo: string; channelTradeNo?: string; channelRef?: string },
    refunds: readonly { refundNo: string; state: number; channelRefundNo?: string; amount?: number }[] = [],
  ): Promise<number> => {
    others += 1;
    const { payModel, attemptModel, refundModel } = world.context;
    const payId = await payModel.insert({ uid: 7, amount: 500, ...pay, oid: others });
    if (attempt === undefined) return payId;
    const begun = beginningOf({ ...attempt, payId, source: 8, amount: 500, currency: "CNY" });
    const { id: _, ...row } = { ...begun, state: ATTEMPT_STATE.succeeded, ...attempt };
    const attemptId = await attemptModel.insert(row);
    for (const refund of refunds)
      await refundModel.insert({
        ...{ payId, attemptId, amount: 10, cause: REFUND_CAUSE.request },
        ...refund,
      });
    return payId;
  };

  describe("by a number", () => {
    it("finds a payment by every number that a person may hold, and says which it is", async () => {
      const numbers = { outTradeNo: "Pa1", channelTradeNo: "2026113022001", channelRef: "cs_test_1" };
      const id = await write({ uid: 41_000 }, { channel: "sandbox", ...numbers }, [
        { refundNo: "Ra1", channelRefundNo: "re_9", state: REFUND_STATE.succeeded },
      ]);
      await write({ uid: 41_001 }, { channel: "sandbox", outTradeNo: "Pa2" });
      const held = {
        ...{ id: String(id), oid: String(others - 1), uid: "41000" },
        ...numbers,
        ...{ refundNo: "Ra1", channelRefundNo: "re_9" },
      };
      for (const [name, text] of Object.entries(held)) {
        const { payments, next } = await search({ text: ` ${text} ` });
        const found = payments.map(({ payment, matched }) => [payment?.id, matched]);
        assert.deepEqual([found, next], [[[id, [name]]], 0], name);
      }
      const [told] = (await search({ text: "Pa1" })).payments;
      assert.deepEqual(
        [told?.channel, told?.outTradeNo, told?.channelTradeNo],
        ["sandbox", "Pa1", "2026113022001"],
      );
    });

    it("takes a number as a whole, in its own letters, and what is no number of ours finds nothing", async () => {
      await write({}, { channel: "sandbox", outTradeNo: "Whole1", channelTradeNo: "TradeNo1" });
      for (const text of ["Whole", "whole1", "tradeno1", "%", "' OR 1=1", "99999999999999999999", "0", "-1"])
        assert.deepEqual(await idsOf({ text }), [], text);
      assert.deepEqual(await idsOf({ text: "TradeNo1" }), await idsOf({ text: "Whole1" }));
    });

    it("gives a user's payments page by page", async () => {
      const ids = [];
      for (let count = 0; count < 5; count += 1) ids.unshift(await write({ uid: 42_000 }));
      const found = [];
      for (let before = 0, page = 0; page < 3; page += 1) {
        const { payments, next } = await search({ text: "42000", before, limit: 2 });
        found.push(...payments.map(({ payment }) => payment?.id));
        before = next;
      }
      assert.deepEqual(found, ids);
    });

    it("holds what a number finds to the filters", async () => {
      const paid = await write({ uid: 43_000, status: PAY_STATUS.paid });
      await write({ uid: 43_000 });
      assert.deepEqual(await idsOf({ text: "43000", status: PAY_STATUS.paid }), [paid]);
    });
  });

  describe("by filters", () => {
    it("compares each, and all together", async () => {
      const uid = 44_000;
      const attempt = { channel: "alipay-hk", outTradeNo: "F1" };
      const one = await write({ uid, status: PAY_STATUS.paid, amount: 1_200 }, attempt);
      const other = await write({ uid, amount: 90 });
      const newest = [other, one];
      assert.deepEqual(await idsOf({ uid }), newest);
      assert.deepEqual(await idsOf({ uid, status: PAY_STATUS.paid }), [one]);
      assert.deepEqual(await idsOf({ channel: "alipay-hk" }), [one]);
      assert.deepEqual(await idsOf({ channel: "alipay-hk", status: PAY_STATUS.paid }), [one]);
      assert.deepEqual(await idsOf({ uid, channel: "alipay" }), []);
      assert.deepEqual(await idsOf({ uid, amountMin: 90, amountMax: 90 }), [other]);
      assert.deepEqual(await idsOf({ uid, amountMin: 91 }), [one]);
      assert.deepEqual(await idsOf({ uid, channel: "alipay-hk", amountMin: 1_200, status: 1 }), [one]);
      assert.deepEqual(await idsOf({ uid, before: other }), [one]);
    });

    it("takes a time to the second, however far the ids are from it", async () => {
      const uid = 45_000;
      const early = await write({ uid });
      world.runtime.shift(3 * DAY_MS);
      const from = Math.floor(world.runtime.now() / 1000);
      const late = await write({ uid });
      assert.deepEqual(await idsOf({ uid, from }), [late]);
      assert.deepEqual(await idsOf({ uid, to: from }), [early]);
      assert.deepEqual(await idsOf({ uid, from: from - 3_600, to: from + 3_600 }), [late]);
      assert.deepEqual(await idsOf({ from, uid, text: String(uid) }), [late]);
      assert.deepEqual(await idsOf({ from: from + 7_200 }), []);
    });

    it("looks at so many rows for a page and no more, and goes on where it stopped", async () => {
      const rare = await write({ uid: 46_000, amount: 77 });
      await world.database.transaction(async (tx) => {
        const rows = Array.from({ length: LOOKED_AT_MAX + 10 }, (_, index) => ({
          ...{ uid: 46_000, amount: 1, oid: 600_000 + index },
        }));
        await world.context.payModel.insertAll(rows, tx);
      });
      const first = await search({ uid: 46_000, amountMin: 77, amountMax: 77 });
      assert.deepEqual(first.payments, []);
      assert.ok(first.next > rare, "there is more");
      const second = await search({ uid: 46_000, amountMin: 77, amountMax: 77, before: first.next });
      assert.deepEqual([second.payments.map(({ payment }) => payment?.id), second.next], [[rare], 0]);
    });

    it("refuses ranges that hold nothing, and pages that are too long", async () => {
      await assert.rejects(search({ from: 10, to: 10 }), { field: "from" });
      await assert.rejects(search({ amountMin: 2, amountMax: 1 }), { field: "amountMin" });
      await assert.rejects(search({ limit: 501 }), { field: "limit" });
      await refused(world.client.refundSearch(call(), { ...ANY_REFUND, from: 2, to: 1 }), "INVALID_FIELD");
    });
  });

  it("finds refunds by their numbers, their payment and by filters", async () => {
    const attempt = { channel: "stripe-eu", outTradeNo: "G1" };
    const id = await write({}, attempt, [
      { refundNo: "S1", state: REFUND_STATE.succeeded, channelRefundNo: "re_1" },
      { refundNo: "S2", state: REFUND_STATE.byHand },
    ]);
    for (const text of ["S1", "re_1"]) assert.deepEqual(await refundNos({ text }), ["S1"], text);
    assert.deepEqual(await refundNos({ text: String(id) }), ["S2", "S1"]);
    assert.deepEqual(await refundNos({ text: "s1" }), []);
    assert.deepEqual(await refundNos({ id }), ["S2", "S1"]);
    assert.deepEqual(await refundNos({ id, status: REFUND_STATE.byHand }), ["S2"]);
    assert.deepEqual(await refundNos({ text: String(id), status: REFUND_STATE.byHand }), ["S2"]);
    assert.deepEqual(await refundNos({ channel: "stripe-eu" }), ["S2", "S1"]);
    assert.deepEqual(await refundNos({ channel: "stripe-eu", cause: REFUND_CAUSE.surplus }), []);
    assert.deepEqual(await refundNos({ status: REFUND_STATE.byHand }), ["S2"]);
    const now = Math.floor(world.runtime.now() / 1000);
    assert.deepEqual(await refundNos({ id, from: now + 60 }), []);
    assert.deepEqual(await refundNos({ id, to: now + 60 }), ["S2", "S1"]);
    const dear = await write({}, { channel: "stripe-eu", outTradeNo: "G2" }, [
      { refundNo: "S3", state: REFUND_STATE.succeeded, amount: 900, channelRefundNo: "re_3" },
    ]);
    assert.deepEqual(await refundNos({ channel: "stripe-eu", amountMin: 11 }), ["S3"]);
    assert.deepEqual(await refundNos({ channel: "stripe-eu", amountMin: 10, amountMax: 899 }), ["S2", "S1"]);
    assert.deepEqual(await refundNos({ id: dear, amountMax: 899 }), []);
    await refused(
      world.client.refundSearch(call(), { ...ANY_REFUND, amountMin: 2, amountMax: 1 }),
      "INVALID_FIELD",
    );
    const request = { ...ANY_REFUND, id, limit: 1 };
    const first = await world.client.refundSearch(call(), request);
    const second = await world.client.refundSearch(call(), { ...request, before: first.next });
    assert.deepEqual(
      [...first.refunds, ...second.refunds].map(({ refundNo, channel }) => [refundNo, channel]),
      [
        ["S2", "stripe-eu"],
        ["S1", "stripe-eu"],
      ],
    );
    assert.equal(second.next, 0);
  });
});
