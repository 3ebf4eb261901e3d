import assert from "node:assert/strict";
import { test } from "node:test";
import { stateName } from "./state-name.ts";

test("a state is told by its name, and one that nobody knows by its number", () => {
  const states = { waiting: 0, done: 1 };
  assert.deepEqual(
    [stateName(states, 0), stateName(states, 1), stateName(states, 7)],
    ["waiting", "done", "unknown (7)"],
  );
});
