import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { forEachDatabase } from "@mall/kit/testing";
import { createPayExchangeModel, type PayExchangeRow } from "../model/pay-exchange-model.ts";
import type { TimelineEvent } from "../rpc/gen/pay.ts";
import { call, openPayWorld, type PayWorld, refused } from "../rpc/test-pay-world.ts";

forEachDatabase("what channels are asked and answer", (databases) => {
  let world: PayWorld;
  before(async () => {
    world = await openPayWorld(databases);
  });
  after(() => world.close());

  const prepay = (id: number) => world.client.prepay(call(), { id, channel: "sandbox" });
  const rows = (): Promise<PayExchangeRow[]> =>
    createPayExchangeModel(world.database).findMany((query) => query.orderBy("id"));
  const requests = async (id: number): Promise<TimelineEvent[]> =>
    (await world.client.timeline(call(), { id })).events.filter(({ kind }) => kind === "request");
  const untilTold = (id: number, events: readonly string[]): Promise<void> =>
    world.until(`${events} are told`, async () => {
      const told = (await requests(id)).map(({ event }) => event);
      return events.every((event) => told.includes(event));
    });

  it("is told on the payment's line of time, request and answer, without signatures", async () => {
    const { id } = await world.openPay();
    const { outTradeNo } = await prepay(id);
    await world.bank.pay(outTradeNo);
    await world.client.sync(call(), { id });
    await world.untilPay(id, { status: 1 });
    const refundNo = `X-${id}`;
    await world.client.refund(call(), { id, refundNo, amount: 100, reason: "", requestedBy: 7 });
    await world.untilPay(id, { status: 4 });
    await untilTold(id, ["prepay", "query", "refund"]);
    const [first] = await requests(id);
    const facts = new Map(first?.facts.map(({ name, value }) => [name, value]));
    assert.deepEqual([first?.subject, facts.get("status")], [outTradeNo, "200"]);
    assert.equal(facts.get("target"), "POST http://bank.test/api/prepay");
    assert.equal(JSON.parse(facts.get("request") ?? "").outTradeNo, outTradeNo);
    assert.equal(JSON.parse(facts.get("answer") ?? "").code, "OK");
    assert.ok((await requests(id)).some(({ subject, event }) => subject === refundNo && event === "refund"));
    assert.doesNotMatch(JSON.stringify(await rows()), /a secret of the two sides|signature/i);
  });

  it("names no address that leads nowhere, where this mall is the bank itself", async () => {
    const { id } = await world.openPay();
    const { outTradeNo } = await prepay(id);
    await createPayExchangeModel(world.database).insert({
      ...{ channel: "sandbox", operation: "close", subject: outTradeNo, status: 200 },
      target: "POST http://gateway.invalid/sandbox/api/close",
      ...{ request: "", answer: "", error: "", sentAt: 0, tookMs: 1, isCut: 0, traceId: "" },
    });
    const closed = (await requests(id)).find(({ event }) => event === "close");
    const target = closed?.facts.find(({ name }) => name === "target")?.value;
    assert.equal(target, "POST /sandbox/api/close");
  });

  it("also tells why there was no answer", async () => {
    const { id } = await world.openPay();
    world.bank.setFaults([{ fault: "prepay.error-before" }]);
    await refused(prepay(id), "CHANNEL_UNAVAILABLE");
    await untilTold(id, ["prepay"]);
    const [first] = await requests(id);
    const status = first?.facts.find(({ name }) => name === "status")?.value;
    assert.ok(first?.error !== "" || status !== "200", `${first?.error} ${status}`);
  });

  it("costs no payment anything where it cannot be written", async () => {
    await world.database.write({
      sql: "ALTER TABLE pay_exchange RENAME TO pay_exchange_away",
      parameters: [],
    });
    const { id } = await world.openPay();
    const { outTradeNo } = await prepay(id);
    await world.bank.pay(outTradeNo);
    await world.client.sync(call(), { id });
    await world.untilPay(id, { status: 1 });
    await world.database.write({
      sql: "ALTER TABLE pay_exchange_away RENAME TO pay_exchange",
      parameters: [],
    });
  });
});
