import assert from "node:assert/strict";
import { test } from "node:test";
import { decimalText, moneyText } from "./money.ts";

test("an amount has the decimals of its currency", () => {
  const told = (amount: number, currency: string) =>
    moneyText(amount, currency, "en").replace(/[^\d.,]/g, "");
  assert.equal(told(1234, "JPY"), "1,234");
  assert.equal(told(1234, "CNY"), "12.34");
  assert.equal(told(5, "USD"), "0.05");
  assert.equal(told(1234, "KWD"), "1.234");
  assert.equal(told(4_294_967_295, "EUR"), "42,949,672.95");
  assert.equal(moneyText(500, "CNY", "zh-CN"), "¥5.00");
});

test("an amount in a file has a point and no sign of its currency", () => {
  assert.deepEqual(
    [decimalText(123_456, "CNY"), decimalText(5, "JPY"), decimalText(7)],
    ["1234.56", "5", "0.07"],
  );
});
