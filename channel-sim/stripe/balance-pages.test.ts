import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { silentLogger } from "@mall/kit/log";
import { createManualRuntime } from "@mall/kit/testing";
import { MemoryStore } from "../core/memory-store.ts";
import { createChannelSimulator } from "../simulator.ts";
import type { BalanceTransaction } from "./objects.ts";

const START_S = 1_800_000_000;
const runtime = createManualRuntime(START_S * 1000);
const simulator = createChannelSimulator({
  accounts: {
    stripe: [
      { id: "acct_1", secretKey: "sk_test_1" },
      { id: "acct_2", secretKey: "sk_test_2" },
    ],
  },
  store: new MemoryStore(),
  runtime,
  http: { send: async () => ({ status: 204, headers: {}, body: new Uint8Array() }) },
  log: silentLogger,
  publicUrl: () => "http://sim.test",
});
after(() => simulator.close());

async function ask(method: string, path: string, form = "", key = "sk_test_1") {
  const type = "application/x-www-form-urlencoded";
  const headers = { authorization: `Bearer ${key}`, ...(method === "POST" && { "content-type": type }) };
  const answer = await simulator.answer({ method, url: `/v1/${path}`, headers, body: Buffer.from(form) });
  return { status: answer.status, body: JSON.parse(Buffer.from(answer.body).toString("utf8")) };
}

async function pay(form: string): Promise<string> {
  const paid = `currency=usd&confirm=true&payment_method=pm_card_visa&${form}`;
  return (await ask("POST", "payment_intents", paid)).body.id;
}

type Entry = Omit<BalanceTransaction, "source"> & {
  readonly source: { readonly id: string; readonly object: string; readonly payment_intent: string };
};

async function entries(query = ""): Promise<Entry[]> {
  const { status, body } = await ask("GET", `balance_transactions?limit=100&expand[]=data.source${query}`);
  assert.equal(status, 200);
  return body.data;
}

const shown = (listed: readonly Entry[]) =>
  listed.map(({ created, type, reporting_category, amount, fee, net, source }) => {
    const second = created - START_S;
    return [second, type, reporting_category, amount, fee, net, source.object, source.payment_intent];
  });

const second = (seconds = 1) => runtime.advance(seconds * 1000);
const first = await pay("amount=1000&metadata[order]=7");
second();
await ask("POST", "refunds", `payment_intent=${first}&amount=300`);
second();
const disputed = await pay("amount=500");
second();
const dispute = await simulator.dispute(disputed);
second();
await simulator.endDispute(dispute, "won");
second();
const paid = await pay("amount=200&payment_method=pm_card_refundFail");
await ask("POST", "refunds", `payment_intent=${paid}`);

const HISTORY = [
  [5, "refund", "refund", -200, 0, -200, "refund", paid],
  [5, "charge", "charge", 200, 36, 164, "charge", paid],
  [4, "adjustment", "dispute_reversal", 500, 0, 500, "dispute", disputed],
  [3, "adjustment", "dispute", -500, 1500, -2000, "dispute", disputed],
  [2, "charge", "charge", 500, 45, 455, "charge", disputed],
  [1, "refund", "refund", -300, 0, -300, "refund", first],
  [0, "charge", "charge", 1000, 59, 941, "charge", first],
];

describe("the account's balance at Stripe", () => {
  test("has an entry for whatever moved money, with its source and the fee, the latest first", async () => {
    assert.deepEqual(shown(await entries()), HISTORY);
    const charge = (await entries()).at(-1)?.source;
    assert.deepEqual(charge && "metadata" in charge && charge.metadata, { order: "7" });
    assert.deepEqual((await ask("GET", "balance_transactions", "", "sk_test_2")).body.data, []);
  });

  test("is listed by time, type, source and currency, page by page", async () => {
    const within = (from: number, until: number) =>
      entries(`&created[gte]=${START_S + from}&created[lt]=${START_S + until}`);
    assert.deepEqual(shown(await within(1, 3)), HISTORY.slice(4, 6));
    assert.deepEqual(shown(await entries("&type=refund")), [HISTORY[0], HISTORY[5]]);
    const [last] = await entries();
    assert.deepEqual(shown(await entries(`&source=${last?.source.id}`)), HISTORY.slice(0, 1));
    assert.deepEqual(await entries("&currency=eur"), []);
    const pages: Entry[] = [];
    for (let after = "", more = true; more; after = `&starting_after=${pages.at(-1)?.id}`) {
      const { body } = await ask("GET", `balance_transactions?limit=2&expand[]=data.source${after}`);
      pages.push(...body.data);
      more = body.has_more;
    }
    assert.deepEqual(shown(pages), HISTORY);
    assert.equal((await ask("GET", "balance_transactions?expand[]=data.nothing")).status, 400);
    assert.equal((await ask("GET", "balance_transactions?payout=po_1")).status, 400);
  });

  test("gives back what a refund took that failed, once it has failed", async () => {
    second(5);
    const [back] = await entries("&type=refund_failure");
    assert.deepEqual(shown(back === undefined ? [] : [back]), [
      [10, "refund_failure", "refund_failure", 200, 0, 200, "refund", paid],
    ]);
    const { body } = await ask(
      "GET",
      `refunds?payment_intent=${paid}&expand[]=data.failure_balance_transaction`,
    );
    assert.deepEqual(
      [body.data[0].status, body.data[0].failure_balance_transaction.id],
      ["failed", back?.id],
    );
  });

  test("can lack an entry, have another amount, or one of a payment that the merchant never made", async () => {
    const honest = shown(await entries());
    simulator.setFaults([{ fault: "bill.line-missing", outTradeNo: disputed, times: 3 }]);
    assert.deepEqual(
      shown(await entries()),
      honest.filter((line) => line.at(-1) !== disputed),
    );
    simulator.setFaults([{ fault: "bill.other-amount", outTradeNo: first, times: 2 }]);
    assert.deepEqual(shown(await entries()).slice(-2), [
      [1, "refund", "refund", -299, 0, -299, "refund", first],
      [0, "charge", "charge", 1001, 59, 942, "charge", first],
    ]);
    simulator.setFaults([{ fault: "bill.line-foreign" }]);
    const day = `&created[gte]=${START_S}&created[lt]=${START_S + 3}`;
    const listed = await entries(day);
    const [foreign] = listed;
    assert.deepEqual(shown(listed).slice(1), HISTORY.slice(4));
    assert.deepEqual([foreign?.created, foreign?.amount, foreign?.fee], [START_S + 2, 100, 33]);
    const { body } = await ask("GET", `payment_intents/${foreign?.source.payment_intent}`);
    assert.deepEqual([body.status, body.latest_charge, body.metadata], ["succeeded", foreign?.source.id, {}]);
    assert.deepEqual(await entries(day), listed);
    simulator.setFaults([{ fault: "answer.error-before", operation: "bill" }]);
    assert.equal((await ask("GET", "balance_transactions")).status, 500);
  });
});
