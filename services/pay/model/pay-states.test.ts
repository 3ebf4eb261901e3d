import assert from "node:assert/strict";
import { it } from "node:test";
import { ATTEMPT_STATE, type AttemptMove, attemptMoved } from "./attempt-state.ts";
import { PAY_STATUS, type PayMove, payMoved } from "./pay-state.ts";
import { REFUND_STATE, type RefundMove, refundMoved } from "./refund-state.ts";

/** Every move that a table allows, as `move from>to`. */
function allowed<Move extends string>(
  moves: readonly Move[],
  states: Readonly<Record<string, number>>,
  moved: (from: number, move: Move) => number | undefined,
): string[] {
  return moves.map((move) => {
    const from = Object.values(states).filter((state) => moved(state, move) !== undefined);
    return `${move} ${from.join(",")}>${moved(from[0] ?? -1, move)}`;
  });
}

it("a payment moves only along its table", () => {
  const moves: PayMove[] = ["succeed", "close", "hold", "doubt", "giveUp", "refundPart", "refundAll"];
  assert.deepEqual(allowed(moves, PAY_STATUS, payMoved), [
    "succeed 0,2,5>1",
    "close 0>2",
    "hold 0,2>5",
    "doubt 1>5",
    "giveUp 5>2",
    "refundPart 1,4>4",
    "refundAll 1,4>3",
  ]);
});

it("an attempt moves only along its table", () => {
  const moves: AttemptMove[] = ["open", "fail", "lose", "close", "succeed", "returnMoney", "hold", "doubt"];
  assert.deepEqual(allowed(moves, ATTEMPT_STATE, attemptMoved), [
    "open 0,5>1",
    "fail 0>3",
    "lose 0>5",
    "close 0,1,5>4",
    "succeed 0,1,3,4,5,7>2",
    "returnMoney 0,1,3,4,5,7>6",
    "hold 0,1,3,4,5>7",
    "doubt 2>7",
  ]);
});

it("a refund moves only along its table", () => {
  const moves: RefundMove[] = ["ask", "succeed", "fail", "handOver"];
  assert.deepEqual(allowed(moves, REFUND_STATE, refundMoved), [
    "ask 0>1",
    "succeed 0,1,3,4>2",
    "fail 0,1,4>3",
    "handOver 0,1>4",
  ]);
});
