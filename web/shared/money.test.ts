import assert from "node:assert/strict";
import { test } from "node:test";
import { decimalText } from "./money.ts";

test("an amount in a file has a point and no sign of its currency", () => {
  assert.deepEqual(
    [decimalText(123_456, "CNY"), decimalText(5, "JPY"), decimalText(123_456, "HUF"), decimalText(7, "CNY")],
    ["1234.56", "5", "1234.56", "0.07"],
  );
});
