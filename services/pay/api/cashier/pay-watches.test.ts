import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Call } from "@mall/kit/call";
import { createManualRuntime, type ManualRuntime, until } from "@mall/kit/testing";
import type { CashierResponse } from "@mall/pay/rpc";
import { PayWatches } from "./pay-watches.ts";

const SECOND_MS = 1000;

/** A payment that is looked at, and what each look finds; undefined: no answer. */
class Scene {
  readonly runtime: ManualRuntime = createManualRuntime();
  looks = 0;
  state: string | undefined = "open";
  readonly watches = new PayWatches({ runtime: this.runtime, payRpc: { cashier: () => this.#look() } });

  async #look(): Promise<CashierResponse> {
    this.looks += 1;
    if (this.state === undefined) throw new Error("no answer");
    const money = { id: 1, oid: 1, amount: 500, currency: "CNY", expireTime: 0 };
    const now = this.runtime.now();
    return { ...money, state: this.state, now, waiting: false, attempts: 0, channels: [] };
  }

  /** Lets so many seconds pass, one look after the other. */
  async pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      const before = this.looks;
      this.runtime.advance(SECOND_MS);
      await until("the payment was looked at", () => this.looks > before);
      await until("the next look is to come", () => this.runtime.timersPending > 0);
    }
  }

  /** Watches; what is told is in the list, and `done` is true once the stream has ended. */
  watch(call: Call): { readonly told: string[]; done: boolean } {
    const seen = { told: [] as string[], done: false };
    const read = async (): Promise<void> => {
      for await (const { state } of this.watches.watch(call, 1)) seen.told.push(state);
      seen.done = true;
    };
    seen.told.length = 0;
    read().catch((error: unknown) => seen.told.push(String(error)));
    return seen;
  }
}

describe("watching payments", () => {
  test("is one look a second for all who watch one, who are told what changes and that it still goes on", async () => {
    const scene = new Scene();
    const [first, second] = [scene.watch(new Call()), scene.watch(new Call())];
    await scene.pass(3);
    assert.ok(scene.looks >= 3 && scene.looks <= 4);
    scene.state = "paid";
    await scene.pass(1);
    for (const { told } of [first, second]) await until("it was told", () => told.join() === "open,paid");
    await scene.pass(15);
    for (const { told } of [first, second]) await until("it goes on", () => told.join() === "open,paid,paid");
  });

  test("goes on where a look has no answer", async () => {
    const scene = new Scene();
    scene.state = undefined;
    const { told } = scene.watch(new Call());
    await scene.pass(2);
    assert.deepEqual(told, []);
    scene.state = "held";
    await scene.pass(1);
    await until("it was told", () => told.join() === "held");
  });

  test("ends with the calls, and leaves no timer", async () => {
    const scene = new Scene();
    const calls = [new Call(), new Call()];
    const watchers = calls.map((call) => scene.watch(call));
    await scene.pass(1);
    for (const call of calls) call.cancel();
    for (const watcher of watchers) await until("the stream has ended", () => watcher.done);
    assert.equal(scene.runtime.timersPending, 0);
    const { looks } = scene;
    scene.runtime.advance(10 * SECOND_MS);
    assert.equal(scene.looks, looks);
  });

  test("is refused where two thousand streams are open, and not once one of them has ended", () => {
    const scene = new Scene();
    const calls = Array.from({ length: 2000 }, () => new Call());
    for (const [id, call] of calls.entries()) scene.watches.watch(call, id);
    assert.throws(() => scene.watches.watch(new Call(), 1), { reason: "CASHIER_CROWDED" });
    calls[0]?.cancel();
    const last = new Call();
    scene.watches.watch(last, 1);
    for (const call of [...calls, last]) call.cancel();
    assert.equal(scene.runtime.timersPending, 0);
  });
});
