import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RefusedRefunds } from "./refused-refunds.ts";

describe("a refund that its channel refuses", () => {
  it("is over a minute after it was first known, each for itself", () => {
    let elapsed = 0;
    const refused = new RefusedRefunds({ elapsed: () => elapsed });
    refused.note(1);
    elapsed = 30_000;
    for (const id of [1, 2]) refused.note(id);
    elapsed = 60_999;
    assert.deepEqual([refused.isOver(1), refused.isOver(2), refused.isOver(3)], [false, false, false]);
    elapsed = 61_000;
    assert.deepEqual([refused.isOver(1), refused.isOver(2), refused.isOver(3)], [true, false, false]);
    refused.forget(1);
    assert.equal(refused.isOver(1), false);
  });

  it("has its minute begin anew where too many are known", () => {
    let elapsed = 0;
    const refused = new RefusedRefunds({ elapsed: () => elapsed });
    for (let id = 0; id <= 10_000; id += 1) refused.note(id);
    elapsed = 61_000;
    assert.deepEqual([refused.isOver(0), refused.isOver(1), refused.isOver(10_000)], [false, true, true]);
  });
});
