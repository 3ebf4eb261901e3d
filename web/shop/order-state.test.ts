import assert from "node:assert/strict";
import { test } from "node:test";
import { isMoving, orderState } from "./order-state.ts";

const state = (order: number, payment?: number, refundingAmount = 0) =>
  orderState({ status: order }, payment === undefined ? undefined : { status: payment, refundingAmount });

test("an order is told by its own state, and by money that has come", () => {
  assert.deepEqual(
    [state(0), state(0, 0), state(0, 2), state(1, 1), state(2, 3), state(9), state(9, 2)],
    ["unpaid", "unpaid", "over", "paid", "refunded", "cancelled", "cancelled"],
  );
  // Told to the order a moment later, and never asked for twice.
  assert.equal(state(0, 1), "paid");
  assert.deepEqual([state(0, 5), state(9, 5)], ["held", "held"]);
  assert.deepEqual(
    [state(1, 1, 5), state(9, 1, 5), state(1, 4)],
    ["refunding", "refunding", "partlyRefunded"],
  );
});

test("only what may still change is waited for", () => {
  assert.deepEqual(
    [isMoving("unpaid"), isMoving("held"), isMoving("paid"), isMoving("cancelled")],
    [...[true, true, false, false]],
  );
});
