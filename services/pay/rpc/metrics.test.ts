import assert from "node:assert/strict";
import { it, type TestContext } from "node:test";
import { serviceConfig } from "@mall/kit/config";
import { silentLogger } from "@mall/kit/log";
import { startObservability } from "@mall/kit/observe";
import { systemRuntime } from "@mall/kit/runtime";
import { forEachDatabase } from "@mall/kit/testing";
import { dayOf } from "../channels/bills/bill-day.ts";
import { BILL_STATE } from "../model/pay-bill-model.ts";
import { ACCOUNT, createBilled, DAY, HOUR_MS, NEXT_DAY } from "../reconcile/test-billed.ts";
import { recordRefundFailed } from "../refund/fail-refund.ts";
import { showBills, showKeysEnd } from "./metrics.ts";
import { call, openPayWorld, refused } from "./test-pay-world.ts";

forEachDatabase("payment metrics", (databases) => {
  it("count each thing once, with its amount, and show what waits for somebody", async (t) => {
    const shown = await startShown(t);
    const world = await openPayWorld(databases, {}, shown.observer);
    t.after(() => world.close());
    const prepay = (id: number) => world.client.prepay(call(), { id, channel: "sandbox" });

    const paid = await world.openPay();
    world.bank.setFaults([{ fault: "prepay.error-before" }]);
    await refused(prepay(paid.id), "CHANNEL_UNAVAILABLE");
    await world.bank.pay((await prepay(paid.id)).outTradeNo);
    for (let count = 0; count < 3; count += 1) await world.client.sync(call(), { id: paid.id });
    const refund = { id: paid.id, refundNo: "R1", amount: 200, reason: "", requestedBy: 1 };
    await world.client.refund(call(), refund);
    await world.untilPay(paid.id, { refundedAmount: 200 });
    world.bank.setFaults([{ fault: "refund.refused" }]);
    await world.client.refund(call(), { ...refund, refundNo: "R2" });
    await world.untilRefused("R2");
    await world.untilLater("it is over", async () => {
      return (await world.client.refundDetail(call(), { refundNo: "R2" })).status === 3;
    });
    const failed = await world.context.refundModel.findOneByRefundNo("R2");
    assert.ok(failed);
    await recordRefundFailed(world.context, failed, "as another process says at the same time");

    const held = await world.openPay();
    await world.bank.pay((await prepay(held.id)).outTradeNo, { amount: 7 });
    await world.client.sync(call(), { id: held.id });
    const gone = await world.openPay();
    gone.order.status = 9;
    await world.client.callback(call(), {
      ...{ id: gone.id, uid: 1, oid: gone.order.id, amount: 500, source: 1, status: 1 },
    });

    const lines = (await shown.metrics()).split("\n");
    for (const line of [
      "mall_payments_created_total 3",
      'mall_payments_created_amount_total{currency="CNY"} 1500',
      'mall_attempts_total{channel="sandbox",outcome="opened"} 2',
      'mall_attempts_total{channel="sandbox",outcome="unknown"} 1',
      'mall_payments_succeeded_total{source="8"} 1',
      'mall_payments_succeeded_amount_total{source="1",currency="CNY"} 500',
      'mall_payments_held_total{source="8"} 1',
      'mall_payments_held_amount_total{source="8",currency="CNY"} 7',
      'mall_refunds_succeeded_total{source="8",cause="request"} 1',
      'mall_refunds_succeeded_amount_total{source="8",cause="request",currency="CNY"} 200',
      'mall_refunds_failed_total{source="8",cause="request"} 1',
      'mall_payments_to_resolve{reason="AMOUNT_MISMATCH"} 1',
      'mall_refunds_by_hand{cause="order_gone"} 1',
    ]) {
      assert.ok(
        lines.includes(line),
        `${line} is not among ${lines.filter((each) => each.includes("mall_"))}`,
      );
    }
  });
});

forEachDatabase("figures of bills", (databases) => {
  it("are open differences, and up to when bills were compared, by account", async (t) => {
    const world = await openPayWorld(databases);
    t.after(() => world.close());
    const { billModel, billDifferenceModel } = world.context;
    const bill = { merchant: `${ACCOUNT} 1900000109`, channel: ACCOUNT, sums: "[]" };
    await billModel.insert({ ...bill, day: DAY, state: BILL_STATE.compared });
    const billId = await billModel.insert({ ...bill, day: NEXT_DAY, state: BILL_STATE.waiting });
    for (const [state, subject] of ["P0", "P1", "P2"].entries())
      await billDifferenceModel.insert({
        ...{ billId, channel: ACCOUNT, kind: "AMOUNT", subject, text: "", state, foundAt: 1 },
      });
    const channels = new Map([[ACCOUNT, createBilled(world).channelWith({})]]);
    const shown = await startShown(t);
    showBills(shown.observer, { billModel, billDifferenceModel, channels, bills: { Daily: true } });
    const until = dayOf(DAY, 8 * HOUR_MS).until / 1000;
    assert.deepEqual((await shown.metrics()).match(/^mall_bill.*$/gm), [
      'mall_bill_differences_open{channel="wechat"} 1',
      `mall_bills_compared_until_timestamp_seconds{channel="wechat"} ${until}`,
    ]);
  });
});

it("the ends of accounts' keys are shown, of those that have one", async (t) => {
  const shown = await startShown(t);
  showKeysEnd(shown.observer, [
    { name: "alipay", keysEndAt: () => 1_800_000_000_000 },
    { name: "wechat", keysEndAt: () => undefined },
    { name: "sandbox" },
  ]);
  assert.deepEqual((await shown.metrics()).match(/^mall_channel_keys_end.*$/gm), [
    'mall_channel_keys_end_timestamp_seconds{channel="alipay"} 1800000000',
  ]);
});

/** Shows what gauges tell. */
async function startShown(t: TestContext) {
  const config = serviceConfig.parse({ Name: "pay.rpc", DevServer: { Host: "127.0.0.1", Port: 0 } });
  const common = { runtime: systemRuntime, log: silentLogger, accessLog: false };
  const shown = await startObservability({ config, ...common });
  t.after(() => shown.stop());
  const [{ url } = { url: "" }] = shown.addresses;
  return { observer: shown.observer, metrics: async () => (await fetch(`${url}/metrics`)).text() };
}
