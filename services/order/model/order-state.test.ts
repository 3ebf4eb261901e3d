import assert from "node:assert/strict";
import { it } from "node:test";
import { ORDER_STATUS, type OrderMove, orderMoved } from "./order-state.ts";

it("an order moves only along its table", () => {
  const moves: OrderMove[] = ["pay", "cancel", "reopen", "refund", "remove"];
  const allowed = moves.flatMap((move) =>
    Object.values(ORDER_STATUS).flatMap((from) => {
      const to = orderMoved(from, move);
      return to === undefined ? [] : `${move} ${from}>${to}`;
    }),
  );
  assert.deepEqual(allowed, [
    "pay 0>1",
    "cancel 0>9",
    "reopen 9>1",
    "refund 0>2",
    "refund 1>2",
    "refund 9>2",
    "remove 9>10",
  ]);
});
