import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { systemRuntime } from "@mall/kit/runtime";
import { makeStripe } from "../credentials/make-stripe.ts";
import { startTestSimulator } from "../test-simulator.ts";
import { parseForm } from "./form.ts";
import { webhookSignature } from "./webhook-signature.ts";

const account = makeStripe(systemRuntime);
const { simulator, url, close } = await startTestSimulator({ stripe: [account] });
after(close);

async function ask(method: string, path: string, form = "", headers: Readonly<Record<string, string>> = {}) {
  const type = method === "POST" ? { "content-type": "application/x-www-form-urlencoded" } : {};
  const answer = await fetch(`${url}/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${account.secretKey}`, ...type, ...headers },
    ...(method === "POST" && { body: form }),
  });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}

const ORDER = "amount=100&currency=usd";
const PAID = `${ORDER}&confirm=true&payment_method=pm_card_visa`;

describe("the simulator as Stripe", { timeout: 60_000 }, () => {
  test("reads forms with brackets raw or escaped, lists with or without indexes", () => {
    const expected = { a: { "b c": "1+1" }, list: ["x", "y"], items: [{ n: "1" }, { n: "2" }], empty: "" };
    for (const form of [
      "a[b%20c]=1%2B1&list[0]=x&list[1]=y&items[0][n]=1&items[1][n]=2&empty=",
      "a%5Bb+c%5D=1%2B1&list[]=x&list[]=y&items[0][n]=1&items[1][n]=2&empty=",
    ]) {
      assert.deepEqual(parseForm(form), expected);
    }
  });

  test("signs webhooks as the SDK's own test helper does", () => {
    const body = '{"id":"evt_1","object":"event","type":"payment_intent.succeeded","data":{"object":{}}}';
    assert.equal(
      webhookSignature(Buffer.from(body), ["whsec_abc"], 1_700_000_000),
      "t=1700000000,v1=e580aa86430ea8babf10a067e61affd1e4d59c941c380690e54202aae307f765",
    );
  });

  test("carries a request out once under a key, also while its twin is underway, and stores no mistake", async () => {
    const key = { "idempotency-key": "twins" };
    const twins = await Promise.all([1, 2, 3].map(() => ask("POST", "payment_intents", PAID, key)));
    const [done, ...others] = twins.sort((left, right) => left.status - right.status);
    assert.equal(done?.status, 200);
    for (const { status, body } of others) {
      assert.deepEqual(
        [status, body.id ?? body.error.type],
        status === 200 ? [200, done?.body.id] : [409, "idempotency_error"],
      );
    }
    assert.equal((await ask("POST", "payment_intents", PAID, key)).body.id, done?.body.id);
    const mistaken = { "idempotency-key": "mistaken" };
    assert.equal((await ask("POST", "payment_intents", "amount=0&currency=usd", mistaken)).status, 400);
    assert.equal((await ask("POST", "payment_intents", ORDER, mistaken)).status, 200);
  });

  test("stores a decline as the answer of its key", async () => {
    const { body } = await ask("POST", "payment_intents", ORDER);
    const confirm = `payment_intents/${body.id}/confirm`;
    const key = { "idempotency-key": "declined" };
    const first = await ask("POST", confirm, "payment_method=pm_card_chargeDeclined", key);
    const again = await ask("POST", confirm, "payment_method=pm_card_chargeDeclined", key);
    assert.deepEqual(
      [first.status, again.status, again.headers.get("idempotent-replayed")],
      [402, 402, "true"],
    );
  });

  test("holds money until it is captured, and takes no more than is held", async () => {
    const manual = `${PAID}&capture_method=manual`;
    const { body } = await ask("POST", "payment_intents", manual);
    assert.deepEqual(
      [body.status, body.amount_capturable, body.amount_received],
      ["requires_capture", 100, 0],
    );
    const capture = `payment_intents/${body.id}/capture`;
    assert.equal((await ask("POST", capture, "amount_to_capture=101")).status, 400);
    assert.equal((await ask("POST", capture, "amount_to_capture=60")).body.amount_received, 60);
    assert.equal((await ask("POST", "refunds", `payment_intent=${body.id}&amount=61`)).status, 400);
  });

  test("pages without an empty page that says there is more", async () => {
    const ids: string[] = [];
    for (let after = "", more = true; more; after = `&starting_after=${ids.at(-1)}`) {
      const { body } = await ask("GET", `payment_intents?limit=1${after}`);
      assert.ok(body.data.length > 0 || !body.has_more);
      ids.push(...body.data.map(({ id }: { id: string }) => id));
      more = body.has_more;
    }
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(ids.length >= 4);
  });

  test("refunds by the card and by the faults: at once, in the end, or not at all", async () => {
    simulator.speed = 1_000;
    for (const [card, end] of [
      ["pm_card_pendingRefund", "succeeded"],
      ["pm_card_refundFail", "failed"],
    ] as const) {
      const { body } = await ask("POST", "payment_intents", PAID.replace("pm_card_visa", card));
      const refund = (await ask("POST", "refunds", `payment_intent=${body.id}`)).body;
      assert.equal(refund.status, "pending");
      let status = refund.status;
      while (status === "pending") status = (await ask("GET", `refunds/${refund.id}`)).body.status;
      assert.equal(status, end);
    }
    const { body } = await ask("POST", "payment_intents", PAID);
    simulator.setFaults([{ fault: "refund.refused", outTradeNo: body.id }]);
    assert.equal(
      (await ask("POST", "refunds", `payment_intent=${body.id}`)).body.error.code,
      "balance_insufficient",
    );
    assert.equal((await ask("POST", "refunds", `payment_intent=${body.id}`)).body.status, "succeeded");
  });

  test("cancels nothing that the buyer pays at that very moment, and takes the buyer's card as it is", async () => {
    const { body } = await ask("POST", "payment_intents", ORDER);
    await assert.rejects(simulator.pay("stripe", body.id, { card: "4000000000009995" }), {
      code: "insufficient_funds",
    });
    simulator.setFaults([{ fault: "close.loses", outTradeNo: body.id }]);
    const lost = await ask("POST", `payment_intents/${body.id}/cancel`);
    assert.equal(lost.body.error.code, "payment_intent_unexpected_state");
    assert.equal(lost.body.error.payment_intent.status, "succeeded");
    const other = (await ask("POST", "payment_intents", ORDER)).body;
    assert.equal((await ask("POST", `payment_intents/${other.id}/cancel`)).body.status, "canceled");
    await assert.rejects(simulator.pay("stripe", other.id), { code: "TRADE_CLOSED" });
    simulator.setFaults([{ fault: "pay.late", outTradeNo: other.id }]);
    assert.equal((await simulator.pay("stripe", other.id)).state, "succeeded");
  });

  test("takes the money of a dispute with a fee, and gives it back where the dispute is won", async () => {
    const moved = ({ body }: Awaited<ReturnType<typeof ask>>) =>
      body.balance_transactions.map(({ amount, fee }: { amount: number; fee: number }) => [amount, fee]);
    const paid = (await ask("POST", "payment_intents", PAID)).body;
    const won = await simulator.dispute(paid.id, { amount: 60 });
    await assert.rejects(simulator.dispute(paid.id), { code: "NOT_POSSIBLE" });
    assert.deepEqual(moved(await ask("GET", `disputes/${won}`)), [[-60, 1500]]);
    const refund = `payment_intent=${paid.id}`;
    assert.equal((await ask("POST", "refunds", refund)).body.error.code, "charge_disputed");
    const evidence = await ask("POST", `disputes/${won}`, "evidence[uncategorized_text]=winning_evidence");
    assert.equal(evidence.body.status, "won");
    assert.deepEqual(moved(evidence), [
      [-60, 1500],
      [60, 0],
    ]);
    await assert.rejects(simulator.endDispute(won, "lost"), { code: "NOT_POSSIBLE" });
    assert.equal((await ask("POST", "refunds", refund)).body.status, "succeeded");

    const other = (await ask("POST", "payment_intents", PAID.replace("visa", "createDispute"))).body;
    const listed = await ask("GET", `disputes?payment_intent=${other.id}&expand[]=data.payment_intent`);
    const [lost] = listed.body.data;
    assert.deepEqual([lost.payment_intent.id, lost.status, lost.amount], [other.id, "needs_response", 100]);
    assert.equal((await ask("POST", `disputes/${lost.id}`, "submit=true")).body.status, "under_review");
    const closed = await ask("POST", `disputes/${lost.id}/close`);
    assert.deepEqual([closed.body.status, moved(closed)], ["lost", [[-100, 1500]]]);

    const asked = (await ask("POST", "payment_intents", PAID)).body;
    const inquiry = await simulator.dispute(asked.id, { kind: "inquiry" });
    await simulator.endDispute(inquiry, "won");
    const told = await ask("GET", `disputes/${inquiry}`);
    assert.deepEqual([told.body.status, moved(told)], ["warning_closed", []]);
    const types = (await ask("GET", "events?limit=100")).body.data.map(({ type }: { type: string }) => type);
    for (const type of ["created", "updated", "closed", "funds_withdrawn", "funds_reinstated"])
      assert.ok(types.includes(`charge.dispute.${type}`), type);
    await assert.rejects(simulator.dispute("pi_none"), { code: "TRADE_ABSENT" });
  });

  test("refuses another version, and a body that is no form", async () => {
    assert.equal((await ask("GET", "payment_intents", "", { "stripe-version": "2020-08-27" })).status, 400);
    assert.equal(
      (await ask("POST", "payment_intents", "{}", { "content-type": "application/json" })).status,
      400,
    );
    assert.equal((await ask("GET", "nothing")).status, 404);
  });
});
