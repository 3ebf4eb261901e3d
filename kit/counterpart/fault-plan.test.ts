import assert from "node:assert/strict";
import { test } from "node:test";
import { FaultPlan, type PlannedFault } from "./fault-plan.ts";

type Name = "lost" | "late";

interface Fault extends PlannedFault<Name> {
  readonly trade?: string;
  readonly channel?: string;
}

test("a fault is taken in its order, as often as it says, by what it is meant for", () => {
  const plan = new FaultPlan<Name, Fault>();
  plan.set([
    { fault: "late", times: 2, ms: 5, trade: "A" },
    { fault: "lost", channel: "one", trade: "B" },
  ]);
  assert.equal(plan.take({ trade: "A" }, "lost"), undefined);
  assert.equal(plan.take({ trade: "B" }, "lost"), undefined);
  assert.equal(plan.take({ trade: "B", channel: "two" }, "lost"), undefined);
  assert.deepEqual(plan.take({ trade: "A", channel: "one" }, "lost", "late"), { fault: "late", ms: 5 });
  assert.deepEqual(plan.take({ trade: "B", channel: "one" }, "lost", "late"), { fault: "lost", ms: 0 });
  assert.deepEqual(plan.waiting, [{ fault: "late", trade: "A", times: 1, ms: 5 }]);
  assert.deepEqual(plan.take({ trade: "A" }, "late"), { fault: "late", ms: 5 });
  assert.equal(plan.take({ trade: "A" }, "late"), undefined);
});
