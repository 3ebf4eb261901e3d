import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLogger } from "@mall/kit/log";
import { createManualRuntime } from "@mall/kit/testing";
import { MemoryStore } from "../core/memory-store.ts";
import type { SimStore } from "../core/sim-store.ts";
import { createChannelSimulator } from "../simulator.ts";

const STRIPE = { id: "acct_1", secretKey: "sk_test_1" };
const PAID = "amount=100&currency=usd&confirm=true&payment_method=pm_card_visa";
const DECLINED = PAID.replace("pm_card_visa", "pm_card_chargeDeclined");
const HEADERS = {
  authorization: `Bearer ${STRIPE.secretKey}`,
  "content-type": "application/x-www-form-urlencoded",
  "idempotency-key": "order-1",
};

/** Asks a simulator over a store, of its own process, to take a payment. */
async function ask(store: SimStore, form: string) {
  const simulator = createChannelSimulator({
    ...{ accounts: { stripe: [STRIPE] }, store, runtime: createManualRuntime(), log: silentLogger },
    http: { send: () => Promise.reject(new Error("nobody is told")) },
    publicUrl: () => "http://sim.test",
  });
  const request = { method: "POST", url: "/v1/payment_intents", headers: HEADERS, body: Buffer.from(form) };
  const { status, body } = await simulator.answer(request);
  return { status, told: JSON.parse(Buffer.from(body).toString("utf8")) };
}

/** The store as a process has it that is killed after so many of its writes. */
function dyingAfter(writes: number, store: MemoryStore): SimStore {
  let left = writes;
  return {
    find: (kind, id) => store.find(kind, id),
    list: (kind) => store.list(kind),
    letters: () => store.letters(),
    save: async (changes) => {
      if (left === 0) throw new Error("killed");
      left -= 1;
      await store.save(changes);
    },
  };
}

for (const [what, form, status] of [
  ["payment", PAID, 200],
  ["decline", DECLINED, 402],
] as const)
  test(`a ${what} that is asked for again after a crash, at whatever write, is made once`, async () => {
    let died = 0;
    for (let writes = 0; ; writes += 1) {
      const store = new MemoryStore();
      const first = await ask(dyingAfter(writes, store), form).catch(() => undefined);
      if (first === undefined) died += 1;
      const second = await ask(store, form);
      assert.equal(second.status, status);
      assert.equal(store.all("stripe.payment_intent").length, 1, `after ${writes} writes`);
      if (first === undefined) continue;
      assert.deepEqual(second.told, first.told);
      break;
    }
    assert.ok(died > 0);
  });
