import assert from "node:assert/strict";
import { after, before, it, mock } from "node:test";
import { AppError } from "@mall/kit/errors";
import { forEachDatabase } from "@mall/kit/testing";
import { call, openPayWorld, type PayWorld, refused } from "../test-pay-world.ts";

/** How often one payment may have its channels asked in a window, and the window's length in milliseconds. */
const ASKED_MAX = 5;
const WINDOW_MS = 10_000;

forEachDatabase("what clients have a channel asked", (databases) => {
  let world: PayWorld;
  before(async () => {
    world = await openPayWorld(databases);
  });
  after(() => world.close());

  const prepay = (id: number) => world.client.prepay(call(), { id, channel: "sandbox" });
  const sync = (id: number) => world.client.sync(call(), { id });
  /** What the bank is asked, of one trade, while the work goes on. */
  const askedDuring = async (outTradeNo: string, work: () => Promise<void>): Promise<string[]> => {
    const answer = mock.method(world.bank, "answer");
    try {
      await work();
    } finally {
      answer.mock.restore();
    }
    return answer.mock.calls
      .map(({ arguments: [request] }) => request)
      .filter(({ body }) => Buffer.from(body).includes(outTradeNo))
      .map(({ operation }) => operation);
  };
  const openTrade = async () => {
    const { id } = await world.openPay();
    return { id, outTradeNo: (await prepay(id)).outTradeNo };
  };

  it("of one payment is five questions in ten seconds; more are refused with the time to wait, others are not touched", async () => {
    const [one, other] = [await openTrade(), await openTrade()];
    const asked = await askedDuring(one.outTradeNo, async () => {
      const ends = await Promise.allSettled(Array.from({ length: 20 }, () => sync(one.id)));
      const errors = ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
      assert.equal(errors.length, 20 - ASKED_MAX);
      for (const error of errors) {
        assert.ok(error instanceof AppError);
        const { code, reason, retryAfterSeconds = 0 } = error;
        assert.deepEqual([code, reason], ["RESOURCE_EXHAUSTED", "PAY_SYNC_LIMITED"]);
        assert.ok(retryAfterSeconds > 0 && retryAfterSeconds <= WINDOW_MS / 1000);
      }
    });
    assert.deepEqual(asked, Array(ASKED_MAX).fill("query"));
    assert.equal((await sync(other.id)).status, 0);
    assert.equal((await world.client.detail(call(), { id: one.id })).status, 0);
    await world.bank.pay(one.outTradeNo);
    world.runtime.shift(WINDOW_MS);
    assert.equal((await sync(one.id)).status, 1);
  });

  it("is nothing of a payment that leaves nothing to ask, which is told however often", async () => {
    const { id } = await world.openPay();
    for (let count = 0; count < ASKED_MAX * 3; count += 1) assert.equal((await sync(id)).status, 0);
    await world.bank.pay((await prepay(id)).outTradeNo);
    for (let count = 0; count < ASKED_MAX * 3; count += 1) assert.equal((await sync(id)).status, 1);
    await refused(sync(2 ** 40), "PAY_NOT_FOUND");
  });

  it("holds for closing too, which goes on by itself, and is counted apart from looking", async () => {
    const { id, outTradeNo } = await openTrade();
    for (let count = 0; count < ASKED_MAX; count += 1) await sync(id);
    world.bank.setFaults([{ fault: "query.error-before", times: 100 }]);
    const asked = await askedDuring(outTradeNo, async () => {
      for (let count = 0; count < 20; count += 1)
        await refused(world.client.close(call(), { id }), "PAY_CLOSING");
    });
    world.bank.setFaults([]);
    // A question of the closing job may be among them.
    assert.ok(asked.length >= ASKED_MAX && asked.length <= ASKED_MAX + 2, `asked ${asked.length} times`);
    world.runtime.shift(WINDOW_MS);
    await world.untilPay(id, { status: 2 });
    await assert.rejects(world.bank.pay(outTradeNo));
  });
});
