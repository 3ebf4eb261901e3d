import assert from "node:assert/strict";
import { it } from "node:test";
import { createManualRuntime } from "@mall/kit/testing";
import { heldFor } from "./held-for.ts";

it("an answer is told for as long as it is held, to all who ask meanwhile, and then asked for again", async () => {
  const runtime = createManualRuntime();
  let asked = 0;
  const ask = heldFor(runtime, 1_000, async () => {
    asked += 1;
    return asked;
  });
  assert.deepEqual(await Promise.all([ask(), ask()]), [1, 1]);
  runtime.advance(999);
  assert.equal(await ask(), 1);
  runtime.advance(1);
  assert.equal(await ask(), 2);
});
