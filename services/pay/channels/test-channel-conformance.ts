import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { Answer, Channel, ParsedNotify, PrepayRequest, RawNotify, TradeRef } from "./channel.ts";
import { isPaySource, PAY_SOURCE } from "./pay-source.ts";

/** A channel with its other side in the hands of a test. */
export interface ChannelWorld {
  readonly channel: Channel;
  /** Set where the channel may take money beyond a trade's time, unless the trade is closed. */
  readonly endsByClosing?: true;
  now(): number;
  /** Moves time on and lets everything happen that is due. */
  advance(ms: number): Promise<void>;
  /** The buyer pays what the trade asks for; rejects where the channel takes no money. */
  pay(outTradeNo: string): Promise<void>;
  /** What the channel has posted so far, in order. */
  readonly notifies: readonly RawNotify[];
  /** The headers of a notification that make it genuine; one that lacks any, or has another, is not. */
  readonly signedHeaders: readonly string[];
  /** What the channel itself knows nothing of: when it said something, or what whoever refunds thinks was paid. */
  readonly blindTo?: readonly ("age" | "total")[];
  /** The next request does not arrive, or its answer does not, or an answer comes that the channel did not give. */
  failNext(what: "request" | "answer" | "forged"): void;
  close(): Promise<void>;
}

const MINUTE_MS = 60_000;
/** Longer than any refund takes in a world without faults. */
const SETTLED_MS = 1_000;
const call = new Call();

/** What every channel must do, so that the payment code need not know which one it talks to. */
export function describeChannel(name: string, open: () => Promise<ChannelWorld>): void {
  describe(`the channel ${name}`, () => {
    const inWorld = (title: string, test: (world: ChannelWorld) => Promise<void>): void => {
      it(title, async () => {
        const world = await open();
        try {
          await test(world);
        } finally {
          await world.close();
        }
      });
    };
    describeTrades(inWorld);
    describeRefunds(inWorld);
    describeFailures(inWorld);
    describeNotifies(inWorld);
  });
}

type InWorld = (title: string, test: (world: ChannelWorld) => Promise<void>) => void;

function describeTrades(inWorld: InWorld): void {
  inWorld("has an address for itself", async ({ channel }) => {
    assert.match(channel.name, /^[a-z0-9-]{1,16}$/);
    assert.ok(isPaySource(channel.source) && channel.source !== PAY_SOURCE.none);
  });

  inWorld("opens one trade for a number, however often it is asked", async (world) => {
    const { channel } = world;
    assert.deepEqual(yes(await channel.query(call, tradeRef("PAY001"))), { state: "absent" });
    const first = yes(await channel.prepay(call, attempt(world, "PAY001")));
    assert.ok(first.credential.text.length > 0);
    assert.deepEqual(yes(await channel.prepay(call, attempt(world, "PAY001"))), first);
    assert.deepEqual(yes(await channel.query(call, tradeRef("PAY001"))), { state: "open" });
    assert.equal((await channel.prepay(call, { ...attempt(world, "PAY001"), amount: 101 })).kind, "no");
  });

  inWorld("tells what was paid, and takes it once", async (world) => {
    const { channel } = world;
    await channel.prepay(call, attempt(world, "PAY001"));
    await world.pay("PAY001");
    const paid = yes(await channel.query(call, tradeRef("PAY001")));
    assert.ok(paid.state === "paid");
    assert.deepEqual([paid.amount, paid.currency], [100, "CNY"]);
    const { tradeNo, fee = 0 } = paid;
    assert.ok(tradeNo.length > 0 && fee >= 0 && fee <= 100);
    assert.ok(Math.abs(paid.paidAt - world.now()) <= SETTLED_MS);
    assert.equal((await channel.prepay(call, attempt(world, "PAY001"))).kind, "no");
    assert.deepEqual(yes(await channel.close(call, tradeRef("PAY001"))), paid);
    assert.deepEqual(yes(await channel.query(call, tradeRef("PAY001"))), paid);
  });

  inWorld("takes no money for a trade that it has closed, and opens it no more", async (world) => {
    const { channel } = world;
    await channel.prepay(call, attempt(world, "PAY001"));
    for (let times = 0; times < 2; times += 1) {
      assert.deepEqual(yes(await channel.close(call, tradeRef("PAY001"))), { state: "closed" });
    }
    await assert.rejects(world.pay("PAY001"));
    assert.equal((await channel.prepay(call, attempt(world, "PAY001"))).kind, "no");
    assert.deepEqual(yes(await channel.query(call, tradeRef("PAY001"))), { state: "closed" });
  });

  inWorld(
    "says of a number that it has not heard of that it is closed, and opens nothing for it, or that it is absent",
    async (world) => {
      const { channel } = world;
      const { state } = yes(await channel.close(call, tradeRef("PAY001")));
      assert.ok(state === "closed" || state === "absent");
      const opened = await channel.prepay(call, attempt(world, "PAY001"));
      assert.equal(opened.kind, state === "closed" ? "no" : "yes");
      if (state === "closed") await assert.rejects(world.pay("PAY001"));
      else assert.deepEqual(yes(await channel.close(call, tradeRef("PAY001"))), { state: "closed" });
    },
  );

  inWorld("takes no money after the trade's time", async (world) => {
    const { channel } = world;
    await channel.prepay(call, attempt(world, "PAY001"));
    await world.advance(15 * MINUTE_MS);
    // Some close it only when they are told to.
    assert.notEqual(yes(await channel.query(call, tradeRef("PAY001"))).state, "paid");
    if (world.endsByClosing) {
      assert.deepEqual(yes(await channel.close(call, tradeRef("PAY001"))), { state: "closed" });
    }
    await assert.rejects(world.pay("PAY001"));
  });
}

function describeRefunds(inWorld: InWorld): void {
  inWorld("refunds in parts, each number once, and never more than was paid", async (world) => {
    const { channel } = world;
    await paidTrade(world, "PAY001");
    const refund = { trade: tradeRef("PAY001"), amount: 60, currency: "CNY", total: 100 };
    const begun = yes(await channel.refund(call, { ...refund, refundNo: "R1" }));
    await world.advance(SETTLED_MS);
    const done = yes(await channel.refund(call, { ...refund, refundNo: "R1" }));
    assert.deepEqual([done.state, done.channelRefundNo], ["succeeded", begun.channelRefundNo]);
    assert.equal((await channel.refund(call, { ...refund, refundNo: "R2" })).kind, "no");
    assert.equal((await channel.refund(call, { ...refund, refundNo: "R1", amount: 59 })).kind, "no");
    yes(await channel.refund(call, { ...refund, refundNo: "R3", amount: 40 }));
    await world.advance(SETTLED_MS);
    for (const refundNo of ["R1", "R3"]) {
      const told = yes(await channel.queryRefund(call, { trade: tradeRef("PAY001"), refundNo }));
      assert.equal(told.state, "succeeded");
    }
    const absent = yes(await channel.queryRefund(call, { trade: tradeRef("PAY001"), refundNo: "R2" }));
    assert.deepEqual(absent, { state: "absent" });
  });

  inWorld("refunds only what was paid, in the money that it was paid in", async (world) => {
    const { channel } = world;
    const refund = { trade: tradeRef("PAY001"), refundNo: "R1", amount: 1, currency: "CNY", total: 100 };
    assert.equal((await channel.refund(call, refund)).kind, "no");
    await channel.prepay(call, attempt(world, "PAY001"));
    assert.equal((await channel.refund(call, refund)).kind, "no");
    await world.pay("PAY001");
    if (world.blindTo?.includes("total") !== true)
      assert.equal((await channel.refund(call, { ...refund, total: 200 })).kind, "no");
    assert.equal((await channel.refund(call, { ...refund, currency: "USD" })).kind, "no");
    assert.equal((await channel.refund(call, { ...refund, amount: 101 })).kind, "no");
    assert.equal((await channel.refund(call, refund)).kind, "yes");
  });
}

function describeFailures(inWorld: InWorld): void {
  inWorld(
    "knows of no outcome where the request or its answer was lost, and has one after asking again",
    async (world) => {
      const { channel } = world;
      for (const [outTradeNo, lost] of [
        ["PAY001", "request"],
        ["PAY002", "answer"],
      ] as const) {
        const refundNo = `R-${outTradeNo}`;
        const asked = [
          () => channel.prepay(call, attempt(world, outTradeNo)),
          () => channel.query(call, tradeRef(outTradeNo)),
          () => world.pay(outTradeNo).then((): Answer<unknown> => ({ kind: "yes", value: undefined })),
          () => channel.close(call, tradeRef(outTradeNo)),
          () =>
            channel.refund(call, {
              trade: tradeRef(outTradeNo),
              refundNo,
              amount: 100,
              currency: "CNY",
              total: 100,
            }),
          () => channel.queryRefund(call, { trade: tradeRef(outTradeNo), refundNo }),
        ];
        for (const [index, ask] of asked.entries()) {
          if (index !== 2) {
            world.failNext(lost);
            assert.equal((await ask()).kind, "unknown", `${index} ${lost}`);
          }
          assert.equal((await ask()).kind, "yes", `${index} ${lost}`);
        }
        await world.advance(SETTLED_MS);
        const refund = yes(await channel.queryRefund(call, { trade: tradeRef(outTradeNo), refundNo }));
        assert.equal(refund.state, "succeeded");
      }
    },
  );

  inWorld("believes no answer that the channel did not give", async (world) => {
    const { channel } = world;
    await paidTrade(world, "PAY001");
    for (const ask of [
      () => channel.prepay(call, attempt(world, "PAY002")),
      () => channel.query(call, tradeRef("PAY001")),
      () => channel.close(call, tradeRef("PAY001")),
      () => channel.queryRefund(call, { trade: tradeRef("PAY001"), refundNo: "R1" }),
    ]) {
      world.failNext("forged");
      assert.equal((await ask()).kind, "unknown");
    }
  });

  inWorld("does not ask where no time is left", async (world) => {
    const late = new Call({ deadline: world.now() });
    assert.equal((await world.channel.query(late, tradeRef("PAY001"))).kind, "unknown");
  });
}

function describeNotifies(inWorld: InWorld): void {
  inWorld("announces payments and refunds in words that can be verified", async (world) => {
    const { channel } = world;
    await paidTrade(world, "PAY001");
    await world.advance(0);
    const told = await lastOf(world);
    assert.ok(told.kind === "trade");
    assert.equal(told.outTradeNo, "PAY001");
    const state = yes(await channel.query(call, tradeRef("PAY001")));
    // A fee may be told when the channel is asked only.
    assert.deepEqual({ ...state, ...told.hint }, state);
    yes(
      await channel.refund(call, {
        trade: tradeRef("PAY001"),
        refundNo: "R1",
        amount: 1,
        currency: "CNY",
        total: 100,
      }),
    );
    await world.advance(SETTLED_MS);
    const refunded = await lastOf(world);
    assert.ok(refunded.kind === "refund");
    assert.deepEqual(
      [refunded.outTradeNo, refunded.refundNo, refunded.hint.state],
      ["PAY001", "R1", "succeeded"],
    );
    assert.notEqual(refunded.eventKey, told.eventKey);
    for (const { eventKey } of [told, refunded]) assert.match(eventKey, /^[!-~]{1,64}$/);
  });

  inWorld(
    "is not believed in what was changed, made up, or said long ago or ahead of time",
    async (world) => {
      const { channel } = world;
      await paidTrade(world, "PAY001");
      await world.advance(0);
      const [notify] = world.notifies;
      assert.ok(notify !== undefined);
      const now = world.now();
      await channel.parseNotify(call, notify, now);
      for (const forged of forgeries(notify, world.signedHeaders))
        await assertForged(channel.parseNotify(call, forged, now));
      if (world.blindTo?.includes("age") === true) return;
      for (const apart of [-6 * MINUTE_MS, 6 * MINUTE_MS]) {
        await assertForged(channel.parseNotify(call, notify, now + apart));
      }
    },
  );

  inWorld("acknowledges what is stored with a status of success", async ({ channel }) => {
    const { status } = channel.notifyReply();
    assert.ok(status >= 200 && status < 300, String(status));
  });
}

/** Every notification of a few that differ from a genuine one in one thing. */
function forgeries({ headers, body }: RawNotify, signed: readonly string[]): RawNotify[] {
  const bytes = [0, Math.floor(body.length / 2), body.length - 1].map((at) => {
    const changed = Uint8Array.from(body);
    changed[at] = (changed[at] ?? 0) ^ 1;
    return { headers, body: changed };
  });
  const without = signed.map((name) => ({
    headers: Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name)),
    body,
  }));
  const altered = signed.map((name) => {
    const value = headers[name] ?? "";
    const last = value.endsWith("0") ? "1" : "0";
    return { headers: { ...headers, [name]: value.slice(0, -1) + last }, body };
  });
  const longer = Buffer.concat([body, Buffer.from(" ")]);
  const none = [
    { headers, body: new Uint8Array() },
    ...(signed.length > 0 ? [{ headers: {}, body }] : []),
    { headers, body: longer },
  ];
  return [...bytes, ...without, ...altered, ...none];
}

async function assertForged(parsing: Promise<ParsedNotify>): Promise<void> {
  await assert.rejects(parsing, (error) => {
    assert.ok(error instanceof AppError);
    assert.deepEqual([error.code, error.reason], ["UNAUTHENTICATED", "NOTIFY_FORGED"]);
    return true;
  });
}

/** An attempt of 100. */
export function attempt(world: ChannelWorld, outTradeNo: string): PrepayRequest {
  const expireAt = Math.ceil(world.now() / MINUTE_MS) * MINUTE_MS + 10 * MINUTE_MS;
  return {
    outTradeNo,
    amount: 100,
    currency: "CNY",
    subject: "一台手机",
    expireAt,
    product: world.channel.products[0],
  };
}

/** A trade that goes by our number alone. */
export function tradeRef(outTradeNo: string): TradeRef {
  return { outTradeNo, channelRef: "", beganAt: 0 };
}

/** Opens a trade of 100, and has it paid. */
export async function paidTrade(world: ChannelWorld, outTradeNo: string): Promise<void> {
  yes(await world.channel.prepay(call, attempt(world, outTradeNo)));
  await world.pay(outTradeNo);
}

/** The value of an answer that must be yes. */
export function yes<T>(answer: Answer<T>): T {
  assert.ok(answer.kind === "yes", JSON.stringify(answer));
  return answer.value;
}

function lastOf({ channel, notifies, now }: ChannelWorld): Promise<ParsedNotify> {
  const last = notifies.at(-1);
  assert.ok(last !== undefined, "nothing was posted");
  return channel.parseNotify(call, last, now());
}
