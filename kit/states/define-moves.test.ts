import assert from "node:assert/strict";
import { test } from "node:test";
import { defineMoves } from "./define-moves.ts";

test("a move leads to its state from where it may be made, and from nowhere else", () => {
  const moved = defineMoves({ close: { from: [0, 1], to: 2 }, open: { from: [0], to: 1 } });
  assert.deepEqual([moved(0, "open"), moved(0, "close"), moved(1, "close")], [1, 2, 2]);
  assert.deepEqual(
    [moved(1, "open"), moved(2, "close"), moved(7, "open")],
    [undefined, undefined, undefined],
  );
});
