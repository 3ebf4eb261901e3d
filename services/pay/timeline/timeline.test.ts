import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { ROLE } from "@mall/kit/auth";
import { Call } from "@mall/kit/call";
import { forEachDatabase } from "@mall/kit/testing";
import { createPayNotifyModel } from "../model/pay-notify-model.ts";
import type { TimelineEvent, TimelineResponse } from "../rpc/gen/pay.ts";
import { call, openPayWorld, type PayWorld, refused } from "../rpc/test-pay-world.ts";

forEachDatabase("the timeline of a payment", (databases) => {
  let world: PayWorld;
  before(async () => {
    world = await openPayWorld(databases);
  });
  after(() => world.close());

  const read = (id: number): Promise<TimelineResponse> => world.client.timeline(call(), { id });
  const untilTold = async (
    id: number,
    holds: (events: TimelineEvent[]) => boolean,
  ): Promise<TimelineEvent[]> => {
    await world.until("the timeline tells it", async () => holds((await read(id)).events));
    return (await read(id)).events;
  };
  const inWords = (events: TimelineEvent[], kind: string): string[] =>
    events.filter((event) => event.kind === kind).map(({ event, state }) => `${event}, ${state}`);
  const inNotifications = (events: TimelineEvent[]): string[] =>
    events.filter(({ kind }) => kind === "notification").map(({ subject }) => subject);
  const has = (events: TimelineEvent[], kind: string, event: string): boolean =>
    events.some((told) => told.kind === kind && told.event === event);
  /** A payment of 500 that its buyer paid at the bank, and whose notification came. */
  const paid = async (): Promise<{ id: number; outTradeNo: string }> => {
    const { id } = await world.openPay();
    const { outTradeNo } = await world.client.prepay(call(), { id, channel: "sandbox" });
    world.hears = true;
    await world.bank.pay(outTradeNo);
    await world.untilPay(id, { status: 1 });
    await untilTold(id, (events) => inWords(events, "notification").includes("came, processed"));
    world.hears = false;
    return { id, outTradeNo };
  };

  it("begins with its creation, and there may be no more", async () => {
    const { id, order } = await world.openPay();
    const { payment, events, isCut } = await read(id);
    assert.deepEqual([payment?.id, payment?.oid, payment?.status, isCut], [id, order.id, 0, false]);
    const [created, ...more] = events;
    assert.deepEqual(
      [
        created?.kind,
        created?.subject,
        created?.event,
        created?.state,
        created?.amount,
        created?.currency,
        more,
      ],
      ["payment", String(id), "created", "created", 500, "CNY", []],
    );
  });

  it("tells the attempt, what the channel said as it came, the entry of the books, and the jobs", async () => {
    const { id, outTradeNo } = await paid();
    const events = await untilTold(id, (told) => has(told, "job", "done"));
    assert.deepEqual(inWords(events, "payment"), ["created, paid", "paid, paid"]);
    assert.deepEqual(inWords(events, "attempt"), ["began, succeeded", "succeeded, succeeded"]);
    const notify = events.find(({ kind }) => kind === "notification");
    const facts = new Map(notify?.facts.map(({ name, value }) => [name, value]));
    assert.equal(facts.get("about"), outTradeNo);
    const sent = world.sent.map(({ body }) => Buffer.from(body).toString("utf8"));
    assert.ok(sent.includes(facts.get("body") ?? ""), "byte by byte");
    const entry = events.find(({ kind }) => kind === "entry");
    assert.equal(entry?.amount, 500);
    assert.ok(entry?.facts.some(({ name, value }) => name === "sales" && value === "credit 500"));
  });

  it("tells what happened in one second in the order in which one thing leads to another", async () => {
    const { id } = await paid();
    const events = await untilTold(id, (told) => has(told, "request", "query"));
    const at = (kind: string, event: string): number =>
      events.findIndex((told) => told.kind === kind && told.event === event);
    const line = [
      at("payment", "created"),
      at("attempt", "began"),
      at("request", "prepay"),
      at("notification", "came"),
      at("attempt", "succeeded"),
      at("entry", "posted"),
      at("payment", "paid"),
    ];
    assert.deepEqual(
      line,
      line.toSorted((one, other) => one - other),
    );
    assert.ok(!line.includes(-1));
  });

  it("tells refunds and what staff did, and nothing of other payments", async () => {
    const other = await paid();
    const { id } = await paid();
    const actor = { who: "user:7", role: ROLE.staff, address: "203.0.113.9" };
    const staff = new Call({ attachments: { actor } });
    await world.client.refund(staff, {
      id,
      refundNo: "T1",
      amount: 200,
      reason: "wrong size",
      requestedBy: 7,
    });
    await world.untilPay(id, { status: 4 });
    const events = (await read(id)).events;
    assert.deepEqual(inWords(events, "refund"), ["requested, succeeded", "succeeded, succeeded"]);
    assert.deepEqual(
      events.filter(({ kind }) => kind === "refund").map(({ subject, amount }) => [subject, amount]),
      [
        ["T1", 200],
        ["T1", 200],
      ],
    );
    const acts = events.filter(({ kind }) => kind === "act");
    const facts = acts.map((act) => new Map(act.facts.map(({ name, value }) => [name, value])));
    assert.deepEqual(
      facts.map((told) => [told.get("who"), told.get("operation"), told.get("address")]),
      [["user:7", "/pay.Pay/Refund", "203.0.113.9"]],
    );
    assert.ok(!has((await read(other.id)).events, "refund", "requested"));
  });

  it("says that there is more of a kind than it tells, and not sooner", async () => {
    const { id } = await world.openPay();
    const { outTradeNo } = await world.client.prepay(call(), { id, channel: "sandbox" });
    const notifies = createPayNotifyModel(world.database);
    const hear = (count: number): Promise<unknown> =>
      world.database.transaction((tx) =>
        Promise.all(
          Array.from({ length: count }, (_, index) =>
            notifies.insert(
              {
                channel: "sandbox",
                eventKey: `${outTradeNo}-${count}-${index}`,
                kind: "trade",
                subject: outTradeNo,
                headers: "{}",
                body: Buffer.of(),
                receivedAt: world.runtime.now(),
              },
              tx,
            ),
          ),
        ),
      );
    const told = async () => {
      const { events, isCut } = await read(id);
      return [new Set(inNotifications(events)).size, isCut];
    };
    await hear(200);
    assert.deepEqual(await told(), [200, false]);
    await hear(1);
    assert.deepEqual(await told(), [200, true]);
  });

  it("is of no payment that is not there", () => refused(read(999_999), "PAY_NOT_FOUND"));
});
