import assert from "node:assert/strict";
import { it } from "node:test";
import { ORDER_STATUS, orderMayMove } from "./order-state.ts";

it("an order moves only along its table", () => {
  const allowed = Object.values(ORDER_STATUS).flatMap((from) =>
    Object.values(ORDER_STATUS)
      .filter((to) => orderMayMove(from, to))
      .map((to) => `${from}>${to}`),
  );
  assert.deepEqual(allowed, ["0>1", "0>9", "9>10"]);
});
