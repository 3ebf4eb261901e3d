import assert from "node:assert/strict";
import { test } from "node:test";
import { moneyText } from "./money-text.ts";

test("an amount has the decimals that its channel counts in", () => {
  const told = (amount: number, currency: string): string =>
    moneyText(amount, currency).replace(/[^\d.,]/g, "");
  assert.equal(moneyText(500, "CNY"), "¥5.00");
  assert.equal(told(123_456, "HUF"), "1,234.56");
  assert.equal(told(123_400, "ISK"), "1,234.00");
  assert.equal(told(1_234, "MGA"), "1,234");
  assert.equal(told(1_230, "KWD"), "1.230");
});
