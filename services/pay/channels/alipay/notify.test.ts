import assert from "node:assert/strict";
import { it } from "node:test";
import { Call } from "@mall/kit/call";
import {
  APP_ID,
  accountWith,
  golden,
  KEYS,
  notifyOf,
  openAlipayWorld,
  SELLER_ID,
} from "./test-alipay-world.ts";

const call = new Call();
const PAID = {
  ...{ notify_id: "n1", app_id: APP_ID, seller_id: SELLER_ID, charset: "utf-8" },
  ...{ trade_no: "T1", out_trade_no: "o1", total_amount: "88.80", trade_status: "TRADE_SUCCESS" },
  gmt_payment: "2027-01-01 00:00:00",
};
type Form = Readonly<Record<string, string>>;

const world = openAlipayWorld();

async function hintOf(more: Form, at = world): Promise<string> {
  const notify = notifyOf({ ...PAID, ...more });
  const told = await at.channel.parseNotify(call, notify, at.runtime.now()).catch((error) => error);
  return told instanceof Error ? told.message : `${told.kind} ${told.hint.state}`;
}

it("a notification tells of a trade, or of a refund by our number", async () => {
  assert.equal(await hintOf({}), "trade paid");
  assert.equal(await hintOf({ trade_status: "WAIT_BUYER_PAY", gmt_payment: "" }), "trade open");
  assert.equal(await hintOf({ trade_status: "TRADE_CLOSED", gmt_payment: "" }), "trade closed");
  assert.equal(await hintOf({ trade_status: "SOMETHING_NEW" }), "trade open");
  const refunded = { gmt_refund: "2027-01-02 00:00:00.123", refund_fee: "88.80" };
  assert.equal(await hintOf({ ...refunded, out_biz_no: "R1" }), "refund succeeded");
  assert.equal(
    await hintOf({ ...refunded, trade_status: "TRADE_CLOSED", out_biz_no: "R1" }),
    "refund succeeded",
  );
  assert.equal(await hintOf({ ...refunded, trade_status: "TRADE_CLOSED" }), "trade paid");
});

it("one that Alipay signed for somebody else, or about something else, is refused", async () => {
  assert.match(await hintOf({ app_id: "2021000000000002" }), /another app/);
  assert.match(await hintOf({ seller_id: "2088000000000002" }), /another merchant/);
  assert.match(await hintOf({ seller_id: "" }), /another merchant/);
  for (const name of ["trade_no", "out_trade_no", "total_amount", "trade_status", "notify_id"])
    for (const value of ["", "é"])
      assert.match(
        await hintOf({ [name]: value }),
        name === "trade_status" && value !== "" ? /open/ : /not about/,
      );
  const anyone = openAlipayWorld(accountWith(KEYS));
  assert.equal(await hintOf({ seller_id: "2088000000000002" }, anyone), "trade paid");
});

it("a long number of an event becomes one that fits, and stays the same", async () => {
  const keyOf = async (notify_id: string) =>
    (await world.channel.parseNotify(call, notifyOf({ ...PAID, notify_id }), world.runtime.now())).eventKey;
  assert.equal(await keyOf("n".repeat(64)), "n".repeat(64));
  const keys = [await keyOf("n".repeat(65)), await keyOf("n".repeat(65)), await keyOf("n".repeat(66))];
  assert.equal(keys[0], keys[1]);
  assert.notEqual(keys[1], keys[2]);
  assert.match(keys[0] ?? "", /^[0-9a-f]{64}$/);
});

it("one is believed with empty parameters in what was signed, and without", async () => {
  assert.equal(await hintOf({ body: "" }), "trade paid");
  const { body } = notifyOf(PAID);
  const read = (text: string) =>
    world.channel.parseNotify(call, { headers: {}, body: Buffer.from(text) }, world.runtime.now());
  assert.equal((await read(`${body}&body=&memo=`)).kind, "trade");
  await assert.rejects(read(`${body}&memo=%20`), { reason: "NOTIFY_FORGED" });
});

it("any key that may be used now may have signed one, and no other", async () => {
  const [old, next] = [golden.keys.app.public, golden.keys.alipay.public];
  const keysUntil = (NotAfter: string, NotBefore: string) => ({
    PrivateKeys: [{ PrivateKey: golden.certificateKeys.app }],
    AlipayPublicKeys: [
      { PublicKey: old, NotAfter },
      { PublicKey: next, NotBefore },
    ],
  });
  const both = openAlipayWorld(accountWith(keysUntil("2027-02-01", "2026-12-01")));
  const later = openAlipayWorld(accountWith(keysUntil("2027-02-01", "2027-02-01")));
  const of = (at: typeof world, key?: string) =>
    at.channel.parseNotify(call, notifyOf(PAID, key), at.runtime.now());
  await of(both);
  await of(both, golden.keys.app.pkcs8);
  await of(later, golden.keys.app.pkcs8);
  await assert.rejects(of(later), { reason: "NOTIFY_FORGED" });
});

it("is acknowledged by exactly these letters", () => {
  assert.deepEqual(world.channel.notifyReply(), {
    ...{ status: 200, contentType: "text/plain; charset=utf-8", body: "success" },
  });
});
