import assert from "node:assert/strict";
import { it } from "node:test";
import { settleInOrder } from "./settle-in-order.ts";

it("gives both answers", async () => {
  assert.deepEqual(await settleInOrder(Promise.resolve(1), Promise.resolve("a")), [1, "a"]);
});

it("reports the first failure also where the second came earlier", async () => {
  const first = new Promise<never>((_, reject) => setImmediate(() => reject(new Error("first"))));
  await assert.rejects(settleInOrder(first, Promise.reject(new Error("second"))), /first/);
  await assert.rejects(settleInOrder(Promise.resolve(1), Promise.reject(new Error("second"))), /second/);
});
