import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Call } from "@mall/kit/call";
import type { ParsedNotify, RawNotify } from "../../channel.ts";
import { tradeRef } from "../../test-channel-conformance.ts";
import { answered, openSandboxWorld, type SandboxWorld } from "../test-sandbox-world.ts";
import type { Fault } from "./faults.ts";
import { createMemoryBankStore } from "./test-memory-store.ts";

const call = new Call();
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

function inWorld(title: string, test: (world: SandboxWorld) => Promise<void>): void {
  it(title, async () => {
    const world = await openSandboxWorld();
    try {
      await test(world);
    } finally {
      await world.close();
    }
  });
}

async function openTrade({ channel, now }: SandboxWorld, outTradeNo: string, amount = 1000): Promise<void> {
  const expireAt = now() + 30 * MINUTE_MS;
  const opened = await channel.prepay(call, {
    outTradeNo,
    amount,
    currency: "CNY",
    subject: "茶",
    expireAt,
    product: "page" as const,
  });
  assert.equal(opened.kind, "yes");
}

async function payTrade(world: SandboxWorld, outTradeNo: string, amount = 1000): Promise<void> {
  await openTrade(world, outTradeNo, amount);
  await world.pay(outTradeNo);
  await world.settle();
}

function refund({ channel }: SandboxWorld, outTradeNo: string, refundNo: string) {
  return channel.refund(call, {
    trade: tradeRef(outTradeNo),
    refundNo,
    amount: 10,
    currency: "CNY",
    total: 1000,
  });
}

/** What was posted, read by the channel; `forged` where it is not believed. */
function posts({ channel, notifies, now }: SandboxWorld): Promise<(ParsedNotify | "forged")[]> {
  const read = (notify: RawNotify) => channel.parseNotify(call, notify, now()).catch(() => "forged" as const);
  return Promise.all(notifies.map(read));
}

describe("money at the bank", () => {
  inWorld("costs 0.6 %, rounded to whole fen", async (world) => {
    for (const [amount, fee] of [
      [1, 0],
      [83, 0],
      [84, 1],
      [1000, 6],
      [4_294_967_295, 25_769_804],
    ] as const) {
      const outTradeNo = `A${amount}`;
      await openTrade(world, outTradeNo, amount);
      const trade = await world.bank.pay(outTradeNo);
      assert.equal(trade.payment?.fee, fee);
    }
  });

  inWorld("may be another amount, or another currency, than was asked for", async (world) => {
    await openTrade(world, "A1");
    await world.bank.pay("A1", { amount: 999, currency: "USD" });
    const answer = await world.channel.query(call, tradeRef("A1"));
    assert.ok(answer.kind === "yes" && answer.value.state === "paid");
    assert.deepEqual([answer.value.amount, answer.value.currency], [999, "USD"]);
  });

  inWorld("is taken once, of many who pay or close at once", async (world) => {
    await openTrade(world, "A1");
    const paid = await Promise.all(Array.from({ length: 5 }, () => world.bank.pay("A1")));
    assert.equal(new Set(paid.map(({ payment }) => JSON.stringify(payment))).size, 1);
    await world.settle();
    assert.equal(world.notifies.length, 1);
    await openTrade(world, "A2");
    const [closed, late] = await Promise.allSettled([
      world.channel.close(call, tradeRef("A2")),
      world.pay("A2"),
    ]);
    assert.deepEqual(closed, { status: "fulfilled", value: { kind: "yes", value: { state: "closed" } } });
    assert.equal(late.status, "rejected");
  });

  inWorld("is taken for a closed trade where the bank is told to", async (world) => {
    await openTrade(world, "A1");
    await world.channel.close(call, tradeRef("A1"));
    await assert.rejects(world.pay("A1"), { code: "TRADE_CLOSED" });
    world.bank.setFaults([{ fault: "pay.late" }]);
    await world.pay("A1");
    const answer = await world.channel.close(call, tradeRef("A1"));
    assert.ok(answer.kind === "yes" && answer.value.state === "paid");
    await assert.rejects(world.pay("A9"), { code: "TRADE_ABSENT" });
  });
});

describe("requests to the bank", () => {
  inWorld("that break a rule are refused naming the field, and change nothing", async ({ channel, now }) => {
    const good = {
      outTradeNo: "A1",
      amount: 1,
      currency: "CNY",
      subject: "茶",
      expireAt: now() + MINUTE_MS,
      product: "page" as const,
    };
    for (const [bad, field] of [
      [{ amount: 0 }, "amount"],
      [{ amount: -1 }, "amount"],
      [{ amount: 0.5 }, "amount"],
      [{ amount: 4_294_967_296 }, "amount"],
      [{ currency: "yuan" }, "currency"],
      [{ outTradeNo: "" }, "outTradeNo"],
      [{ outTradeNo: "A/1" }, "outTradeNo"],
      [{ outTradeNo: "A".repeat(65) }, "outTradeNo"],
      [{ subject: "茶".repeat(257) }, "subject"],
    ] as const) {
      const answer = await channel.prepay(call, { ...good, ...bad });
      assert.deepEqual(answer, { kind: "no", reason: "BAD_REQUEST", message: field });
    }
    const over = await channel.prepay(call, { ...good, expireAt: now() });
    assert.ok(over.kind === "no" && over.reason === "EXPIRED");
    assert.deepEqual(await channel.query(call, tradeRef("A1")), { kind: "yes", value: { state: "absent" } });
  });

  it("that are not the merchant's, or not for this operation, are answered without a word and without a signature", async () => {
    const world = await openSandboxWorld();
    const unsigned = { operation: "query", headers: {}, body: Buffer.from('{"outTradeNo":"A1"}') };
    const signature = `t=1700000000,v1=${"0".repeat(64)}`;
    for (const headers of [{}, { "x-sandbox-signature": signature, "x-sandbox-app": "mall" }]) {
      const answer = await world.bank.answer({ ...unsigned, headers });
      assert.equal(answer.status, 401);
      assert.equal(answer.headers["x-sandbox-signature"], undefined);
    }
    assert.equal((await world.bank.answer({ ...unsigned, operation: "steal" })).status, 404);
    await world.close();
  });

  for (const operation of ["prepay", "query", "close", "refund", "query-refund"] as const) {
    inWorld(
      `of ${operation} end unknown where the bank is told so, before or after they are carried out`,
      async (world) => {
        await openTrade(world, "A1");
        await payTrade(world, "A2");
        const expireAt = world.now() + 30 * MINUTE_MS;
        const attempt = { amount: 1000, currency: "CNY", subject: "茶", expireAt, product: "page" as const };
        const ask = {
          prepay: () => world.channel.prepay(call, { ...attempt, outTradeNo: "A3" }),
          query: () => world.channel.query(call, tradeRef("A1")),
          close: () => world.channel.close(call, tradeRef("A1")),
          refund: () => refund(world, "A2", "R1"),
          "query-refund": () => world.channel.queryRefund(call, { trade: tradeRef("A2"), refundNo: "R1" }),
        }[operation];
        const state = async () =>
          JSON.stringify(await Promise.all(["A1", "A2", "A3"].map((no) => world.bank.trade(no))));
        const before = await state();
        world.bank.setFaults([{ fault: `${operation}.error-before` }, { fault: `${operation}.error-after` }]);
        assert.equal((await ask()).kind, "unknown");
        assert.equal(await state(), before);
        assert.equal((await ask()).kind, "unknown");
        const after = await state();
        assert.equal(after === before, operation.includes("query"));
        assert.equal((await ask()).kind, "yes");
        assert.equal(await state(), after);
      },
    );
  }

  inWorld("are carried out at once and answered late where the bank is slow", async (world) => {
    await openTrade(world, "A1");
    world.bank.setFaults([{ fault: "close.slow", ms: 3 * SECOND_MS }]);
    let answered = false;
    const closing = world.channel.close(call, tradeRef("A1")).finally(() => {
      answered = true;
    });
    await world.settle();
    assert.deepEqual([(await world.bank.trade("A1"))?.state, answered], ["closed", false]);
    await world.advance(3 * SECOND_MS);
    assert.equal((await closing).kind, "yes");
  });
});

describe("refunds at the bank", () => {
  inWorld(
    "can be refused, take their time, or fail, and say the same again when asked again",
    async (world) => {
      await payTrade(world, "A1");
      world.bank.setFaults([
        { fault: "refund.refused" },
        { fault: "refund.processing", ms: MINUTE_MS },
        { fault: "refund.failed", ms: MINUTE_MS },
      ]);
      const refused = await refund(world, "A1", "R1");
      assert.ok(refused.kind === "no" && refused.reason === "REFUND_REFUSED");
      const states = async () =>
        Promise.all(
          ["R1", "R2", "R3"].map(async (refundNo) => {
            const told = await world.channel.queryRefund(call, { trade: tradeRef("A1"), refundNo });
            return told.kind === "yes" ? told.value.state : told.kind;
          }),
        );
      await refund(world, "A1", "R2");
      await refund(world, "A1", "R3");
      assert.deepEqual(await states(), ["absent", "processing", "processing"]);
      await world.advance(MINUTE_MS);
      assert.deepEqual(await states(), ["absent", "succeeded", "failed"]);
      const again = await refund(world, "A1", "R3");
      assert.ok(again.kind === "yes" && again.value.state === "failed");
      const told = (await posts(world)).flatMap((post) =>
        post !== "forged" && post.kind === "refund" ? [post] : [],
      );
      assert.deepEqual(
        told.map(({ refundNo, hint }) => [refundNo, hint.state]),
        [
          ["R2", "succeeded"],
          ["R3", "failed"],
        ],
      );
    },
  );

  inWorld("that failed leave their money to be refunded", async (world) => {
    await payTrade(world, "A1");
    world.bank.setFaults([{ fault: "refund.failed" }]);
    const whole = { trade: tradeRef("A1"), amount: 1000, currency: "CNY", total: 1000 };
    await world.channel.refund(call, { ...whole, refundNo: "R1" });
    const second = await world.channel.refund(call, { ...whole, refundNo: "R2" });
    assert.ok(second.kind === "yes" && second.value.state === "succeeded");
  });
});

describe("notifications of the bank", () => {
  inWorld("are posted again at growing intervals until they are acknowledged", async (world) => {
    world.reply = () => answered(200, "fail");
    await payTrade(world, "A1");
    const counts: number[] = [];
    for (const seconds of [14, 1, 15, 30, 180, 600]) {
      await world.advance(seconds * SECOND_MS);
      counts.push(world.notifies.length);
    }
    assert.deepEqual(counts, [1, 2, 3, 4, 5, 6]);
    const ids = world.notifies.map(({ body }) => JSON.parse(Buffer.from(body).toString("utf8")).id);
    assert.equal(new Set(ids).size, 1);
    world.reply = () => answered(200, " success\n");
    await world.advance(20 * MINUTE_MS);
    await world.advance(24 * 60 * MINUTE_MS);
    assert.equal(world.notifies.length, 7);
  });

  for (const [title, reply] of [
    ["an error", () => answered(500, "success")],
    ["a redirect", () => answered(302, "success")],
    ["other words", () => answered(200, "success!")],
    [
      "silence",
      () => {
        throw new Error("no answer");
      },
    ],
  ] as const) {
    inWorld(`are not acknowledged by ${title}`, async (world) => {
      world.reply = reply;
      await payTrade(world, "A1");
      await world.advance(15 * SECOND_MS);
      assert.equal(world.notifies.length, 2);
    });
  }

  inWorld("are given up after a day", async (world) => {
    world.reply = () => answered(500, "");
    await payTrade(world, "A1");
    for (let hour = 0; hour < 48; hour += 1) {
      for (let second = 0; second < 240; second += 1) await world.advance(15 * SECOND_MS);
      if (world.runtime.timersPending === 0) break;
    }
    assert.deepEqual([world.notifies.length, world.runtime.timersPending], [16, 0]);
  });

  it("go on after a restart of the bank", async () => {
    const store = createMemoryBankStore();
    const first = await openSandboxWorld({ store });
    first.reply = () => answered(500, "");
    await payTrade(first, "A1");
    await first.close();
    assert.equal(first.runtime.timersPending, 0);
    const second = await openSandboxWorld({ store });
    await second.advance(15 * SECOND_MS);
    assert.deepEqual(
      (await posts(second)).map((post) => post !== "forged" && post.outTradeNo),
      ["A1"],
    );
    await second.close();
  });

  async function paidWith(world: SandboxWorld, ...faults: Fault[]): Promise<void> {
    world.bank.setFaults(faults);
    await payTrade(world, "A1");
  }

  inWorld("can be lost for good", async (world) => {
    await paidWith(world, { fault: "notify.lost" });
    await world.advance(24 * 60 * MINUTE_MS);
    assert.equal(world.notifies.length, 0);
  });

  inWorld("can come late", async (world) => {
    await paidWith(world, { fault: "notify.late", ms: MINUTE_MS });
    await world.advance(MINUTE_MS - 1);
    assert.equal(world.notifies.length, 0);
    await world.advance(1);
    assert.equal(world.notifies.length, 1);
  });

  inWorld("can come twice, with one event key", async (world) => {
    await paidWith(world, { fault: "notify.doubled" });
    const [one, two] = await posts(world);
    assert.ok(one !== undefined && one !== "forged");
    assert.deepEqual(two, one);
  });

  inWorld("can be overtaken by the next one", async (world) => {
    await paidWith(world, { fault: "notify.reordered" });
    assert.equal(world.notifies.length, 0);
    await refund(world, "A1", "R1");
    await world.advance(0);
    assert.deepEqual(
      (await posts(world)).map((post) => post !== "forged" && post.kind),
      ["refund", "trade"],
    );
  });

  inWorld("can wait in vain to be overtaken", async (world) => {
    await paidWith(world, { fault: "notify.reordered" });
    await world.advance(MINUTE_MS);
    assert.equal(world.notifies.length, 1);
  });

  for (const fault of ["notify.tampered", "notify.stale"] as const) {
    inWorld(`can be forged (${fault}), and come again as they should when refused`, async (world) => {
      world.reply = () => answered(world.notifies.length === 1 ? 401 : 200, "success");
      await paidWith(world, { fault });
      assert.deepEqual(await posts(world), ["forged"]);
      await world.advance(15 * SECOND_MS);
      assert.notEqual((await posts(world))[1], "forged");
    });
  }

  inWorld("can be signed and wrong", async (world) => {
    world.bank.setFaults([
      { fault: "notify.wrong-currency", outTradeNo: "A2" },
      { fault: "notify.wrong-amount" },
    ]);
    await payTrade(world, "A1");
    await payTrade(world, "A2");
    const told = (await posts(world)).map((post) => {
      assert.ok(post !== "forged" && post.kind === "trade" && post.hint.state === "paid");
      return [post.outTradeNo, post.hint.amount, post.hint.currency];
    });
    assert.deepEqual(told, [
      ["A1", 1001, "CNY"],
      ["A2", 1000, "USD"],
    ]);
  });

  inWorld("go wrong as often as asked, and the rest is told", async (world) => {
    world.bank.setFaults([{ fault: "notify.lost", times: 2 }]);
    await payTrade(world, "A1");
    assert.deepEqual(world.bank.faults, [{ fault: "notify.lost", times: 1, ms: 0 }]);
    await payTrade(world, "A2");
    assert.deepEqual(world.bank.faults, []);
    await payTrade(world, "A3");
    assert.equal(world.notifies.length, 1);
  });
});
