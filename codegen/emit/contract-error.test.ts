import assert from "node:assert/strict";
import { test } from "node:test";
import { ContractError, createPositions } from "./contract-error.ts";

test("a contract's error starts with the place that editors jump to", () => {
  assert.equal(new ContractError("pay.sql", { line: 3, column: 7 }, "no").message, "pay.sql:3:7: no");
});

test("an offset becomes a line and a column that count from 1", () => {
  const source = "ab\ncd\n";
  const places = [0, 1, 2, 3, 5, 6, 99].map((offset) => createPositions(source)(offset));
  const expected = ["1:1", "1:2", "1:3", "2:1", "2:3", "3:1", "3:1"];
  assert.deepEqual(
    places.map(({ line, column }) => `${line}:${column}`),
    expected,
  );
});
