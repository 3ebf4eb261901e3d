import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { minimize } from "./minimize.ts";

const ITEMS = Array.from({ length: 40 }, (_, index) => index);

describe("making a failing run smaller", () => {
  it("leaves exactly what the failure needs", async () => {
    const needed = [3, 17, 38];
    let runs = 0;
    const fewest = await minimize(ITEMS, async (subset) => {
      runs += 1;
      return needed.every((item) => subset.includes(item));
    });
    assert.deepEqual(fewest, needed);
    assert.ok(runs < 150, `${runs} runs`);
  });

  it("leaves one of several that do alike", async () => {
    assert.equal((await minimize(ITEMS, async (subset) => subset.some((item) => item > 30))).length, 1);
  });

  it("leaves nothing where nothing is needed", async () => {
    assert.deepEqual(await minimize(ITEMS, async () => true), []);
  });
});
