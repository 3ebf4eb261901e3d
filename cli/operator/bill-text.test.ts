import assert from "node:assert/strict";
import { test } from "node:test";
import { billsComparedLines } from "./bill-text.ts";

const NONE = { count: 0, amount: 0 };
const COMPARED = {
  ...{ days: 2, absent: 0, payments: 0, refunds: 0, atEdge: 0, differences: 0 },
  ...{ others: new Map(), sums: new Map(), unknownFees: NONE, unknownFeesBack: NONE },
  ...{ byDay: new Map(), named: { attempts: new Set<number>(), refunds: new Set<number>() } },
};

test("days without a bill are told, so that nobody takes them for compared", () => {
  const tail = "nothing happened, or it is not made yet";
  for (const [absent, lines] of [
    [0, []],
    [1, [`1 without a bill: ${tail}`]],
    [2, [`no bill: ${tail}`]],
  ] as const)
    assert.deepEqual(billsComparedLines({ ...COMPARED, absent }, false), [
      "2 days: 0 payments, 0 refunds",
      ...lines,
      "bills and payments say the same",
    ]);
});
