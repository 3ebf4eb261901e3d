import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { listActs } from "@mall/kit/audit";
import { ROLE } from "@mall/kit/auth";
import { Call } from "@mall/kit/call";
import { forEachDatabase } from "@mall/kit/testing";
import { NOTIFY_STATE } from "../../model/pay-notify-model.ts";
import type { NotifyRequest } from "../gen/pay.ts";
import { assertBooks, call, openPayWorld, type PayWorld, refused } from "../test-pay-world.ts";
import { channels } from "./channels.ts";

forEachDatabase("notifications", (databases) => {
  let world: PayWorld;
  before(async () => {
    world = await openPayWorld(databases);
  });
  after(() => world.close());

  const prepay = (id: number) => world.client.prepay(call(), { id, channel: "sandbox" });
  const inbox = (subject: string) => world.context.notifyModel.findPage({ subject, limit: 10 });
  const numberIn = ({ body }: NotifyRequest): string =>
    (JSON.parse(Buffer.from(body).toString()) as { outTradeNo: string }).outTradeNo;
  /** The bank's word that a trade was paid, which does not arrive by itself. */
  const wordOf = async (outTradeNo: string): Promise<NotifyRequest> => {
    let word: NotifyRequest | undefined;
    await world.until("the bank has sent it", () => {
      word = world.sent.find((request) => numberIn(request) === outTradeNo);
      return word !== undefined;
    });
    assert.ok(word !== undefined);
    return word;
  };

  it("a success that the channel tells is written down, and the order paid, without anybody's asking", async () => {
    const { id, order } = await world.openPay();
    const { outTradeNo } = await prepay(id);
    world.hears = true;
    await world.bank.pay(outTradeNo);
    await world.untilPay(id, { status: 1, source: 8 });
    await world.until("the order is paid", () => order.status === 1);
    world.hears = false;
    const [row] = await inbox(outTradeNo);
    assert.deepEqual([row?.channel, row?.received, row?.error], ["sandbox", 1, ""]);
    await world.until(
      "it is done",
      async () => (await inbox(outTradeNo))[0]?.state === NOTIFY_STATE.processed,
    );
  });

  it("however often it comes, to whatever process, it is stored byte by byte and counts once", async () => {
    const { id } = await world.openPay();
    const { outTradeNo } = await prepay(id);
    await world.bank.pay(outTradeNo);
    const word = await wordOf(outTradeNo);
    const replica = await world.replica();
    const clients = [world.client, replica.client, world.client, replica.client, world.client];
    const answers = await Promise.all(clients.map((client) => client.notify(call(), word)));
    assert.ok(answers.every(({ status, body }) => status === 200 && body === "success"));
    await world.untilPay(id, { status: 1 });
    const rows = await inbox(outTradeNo);
    assert.equal(rows.length, 1);
    assert.equal(rows[0]?.received, 5);
    assert.deepEqual(Buffer.from(rows[0]?.body ?? []), Buffer.from(word.body));
    await assertBooks(world, {});
  });

  it("one that lies about the money is asked about, and what the channel says then counts", async () => {
    for (const fault of ["notify.wrong-amount", "notify.wrong-currency"] as const) {
      const { id } = await world.openPay();
      const { outTradeNo } = await prepay(id);
      world.bank.setFaults([{ fault }]);
      world.hears = true;
      await world.bank.pay(outTradeNo);
      await world.untilPay(id, { status: 1, amount: 500, heldReason: "" });
      world.hears = false;
    }
  });

  it("one that came late finds a closed payment paid, and one that came after all else changes nothing", async () => {
    const { id, order } = await world.openPay();
    const { outTradeNo } = await prepay(id);
    await world.client.close(call(), { id });
    await world.until("the order is cancelled", () => order.status === 9);
    world.bank.setFaults([{ fault: "pay.late" }]);
    await world.bank.pay(outTradeNo);
    world.orders.stock = 1;
    const word = await wordOf(outTradeNo);
    await world.client.notify(call(), word);
    await world.untilPay(id, { status: 1 });
    await world.until("the order is brought back", () => order.status === 1);
    await world.client.refund(call(), { id, refundNo: "all", amount: 500, reason: "", requestedBy: 0 });
    await world.untilPay(id, { status: 3 });
    await world.client.notify(call(), word);
    await world.untilPay(id, { status: 3, refundedAmount: 500 });
  });

  it("a refund that the channel ends is written down when it says so", async () => {
    const { id } = await world.openPay();
    await world.bank.pay((await prepay(id)).outTradeNo);
    await world.client.sync(call(), { id });
    world.bank.setFaults([{ fault: "refund.processing", ms: 1_000 }]);
    world.hears = true;
    await world.client.refund(call(), { id, refundNo: "told", amount: 100, reason: "", requestedBy: 0 });
    await world.until("it is told", async () => (await inbox("told")).length === 1);
    await world.untilPay(id, { status: 4, refundedAmount: 100 });
    world.hears = false;
  });

  it("what the channel did not sign is refused and not stored", async () => {
    const { id } = await world.openPay();
    const { outTradeNo } = await prepay(id);
    await world.bank.pay(outTradeNo);
    const word = await wordOf(outTradeNo);
    const other = Buffer.from(Buffer.from(word.body).toString().replace('"paid"', '"open"'));
    const forgeries: NotifyRequest[] = [
      { ...word, headers: [] },
      { ...word, body: other },
      { ...word, body: new Uint8Array() },
    ];
    for (const forgery of forgeries) await refused(world.client.notify(call(), forgery), "NOTIFY_FORGED");
    await refused(world.client.notify(call(), { ...word, channel: "nobody" }), "CHANNEL_UNKNOWN");
    const large = { ...word, body: new Uint8Array(1024 * 1024 + 1) };
    await refused(world.client.notify(call(), large), "INVALID_FIELD");
    assert.deepEqual(await inbox(outTradeNo), []);
    await world.untilPay(id, { status: 0 });
  });

  it("what was stored is acted on by what was read in it then, though nobody could verify it now", async () => {
    for (const kind of ["trade", ""]) {
      const { id } = await world.openPay();
      const { outTradeNo } = await prepay(id);
      await world.bank.pay(outTradeNo);
      const row = {
        channel: "sandbox",
        eventKey: `old ${kind} ${id}`,
        kind,
        subject: outTradeNo,
        receivedAt: 1,
      };
      const bytes = { headers: "{}", body: new Uint8Array() };
      const notifyId = await world.context.notifyModel.insert({ ...row, ...bytes });
      await world.database.transaction((tx) => world.context.jobs.notify(tx, { notifyId }));
      await world.untilPay(id, { status: 1 });
      assert.equal((await inbox(outTradeNo))[0]?.state, NOTIFY_STATE.processed);
    }
  });

  it("one about a trade that is not ours is kept and ignored", async () => {
    const { id } = await world.openPay();
    const { outTradeNo } = await prepay(id);
    await world.bank.pay(outTradeNo);
    const word = await wordOf(outTradeNo);
    await world.database.write({
      sql: "UPDATE pay_attempt SET out_trade_no = 'other' WHERE out_trade_no = ?",
      parameters: [outTradeNo],
    });
    await world.client.notify(call(), word);
    await world.until(
      "it is ignored",
      async () => (await inbox(outTradeNo))[0]?.state === NOTIFY_STATE.ignored,
    );
    await world.untilPay(id, { status: 0 });
  });

  it("staff see each as it came, and have one acted on again, once for a key, which is written down", async () => {
    const { id } = await world.openPay();
    const { outTradeNo } = await prepay(id);
    await world.bank.pay(outTradeNo);
    const word = await wordOf(outTradeNo);
    await world.client.notify(call(), word);
    await world.untilPay(id, { status: 1 });
    const processed = { subject: outTradeNo, state: NOTIFY_STATE.processed, channel: "sandbox" };
    const list = async () =>
      (await world.client.notifyList(call(), { ...processed, before: 0, limit: 0 })).data;
    await world.until("it is done", async () => (await list()).length === 1);
    const [listed] = await list();
    assert.deepEqual(
      [listed?.kind, listed?.subject, listed?.received, listed?.bodyLength],
      ["trade", outTradeNo, 1, word.body.length],
    );
    const notifyId = listed?.id ?? 0;
    const { notify, headers, body } = await world.client.notifyDetail(call(), { id: notifyId });
    assert.deepEqual([notify, headers], [listed, word.headers]);
    assert.deepEqual(Buffer.from(body), Buffer.from(word.body));
    const actor = { who: "user:7", role: ROLE.staff, address: "203.0.113.9" };
    const attachments = { actor, idempotency: { key: "replay", owner: "user:7" } };
    for (let time = 0; time < 2; time += 1)
      await world.client.notifyReplay(new Call({ attachments }), { id: notifyId });
    await world.until("it is done again", async () => (await list()).length === 1);
    const acts = await listActs(world.database, { subject: `notify/${notifyId}`, limit: 10 });
    assert.deepEqual(
      acts.map(({ who, operation }) => [who, operation]),
      [["user:7", "/pay.Pay/NotifyReplay"]],
    );
    await assertBooks(world, {});
  });

  it("none is replayed, nor shown, that never came", async () => {
    for (const ask of [world.client.notifyDetail, world.client.notifyReplay])
      await refused(ask(call(), { id: 999_999 }), "NOTIFY_NOT_FOUND");
    await assert.rejects(
      world.client.notifyList(call(), { channel: "", subject: "", before: 0, limit: 501 }),
      { field: "limit" },
    );
  });

  it("come from the accounts that staff see, with what they sell and whether the channel knows them", async () => {
    const told = { name: "sandbox", source: 8, notifyUrl: "http://mall.test" };
    const keys = { keysEnd: 0, keysState: "valid", error: "" };
    const read = async (ask: boolean) => (await world.client.channels(call(), { ask })).data;
    const products = [...(world.context.channels.get("sandbox")?.products ?? [])];
    assert.deepEqual(await read(false), [{ ...told, ...keys, products, answer: "" }]);
    assert.deepEqual(await read(true), [{ ...told, ...keys, products, answer: "knows" }]);
    const sandbox = world.context.channels.get("sandbox");
    assert.ok(sandbox);
    const own = { ...sandbox, notifyUrl: "http://gateway.invalid/api/pay/notify/sandbox" };
    const context = { ...world.context, channels: new Map([["sandbox", own]]) };
    const { data } = await channels(context, call(), { ask: false });
    assert.deepEqual(
      data.map(({ notifyUrl }) => notifyUrl),
      [""],
    );
  });
});
