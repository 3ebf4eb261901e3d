import assert from "node:assert/strict";
import { it } from "node:test";
import { systemRuntime } from "./runtime.ts";

it("random bytes have the length asked for, are all different, and stay what they are", () => {
  const seen = new Map<string, Uint8Array>();
  for (let count = 0; count < 2_000; count += 1) {
    const drawn = systemRuntime.randomBytes(8 + (count % 80));
    assert.equal(drawn.length, 8 + (count % 80));
    seen.set(Buffer.from(drawn).toString("hex"), drawn);
  }
  assert.equal(seen.size, 2_000);
  for (const [hex, drawn] of seen) assert.equal(Buffer.from(drawn).toString("hex"), hex);
});

it("random bytes are spread over all values", () => {
  const counts = new Array<number>(256).fill(0);
  for (let count = 0; count < 8_000; count += 1) {
    for (const byte of systemRuntime.randomBytes(32)) counts[byte] = (counts[byte] ?? 0) + 1;
  }
  // 1,000 of each on average; ten standard deviations to either side.
  assert.ok(counts.every((each) => each > 680 && each < 1_320));
});
