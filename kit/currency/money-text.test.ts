import assert from "node:assert/strict";
import { test } from "node:test";
import { decimalsOf, moneyText } from "./money-text.ts";

const told = (amount: number, currency: string): string =>
  moneyText(amount, currency, "en").replace(/[^\d.,]/g, "");

test("an amount has the decimals of its currency", () => {
  assert.equal(told(1234, "JPY"), "1,234");
  assert.equal(told(1234, "CNY"), "12.34");
  assert.equal(told(5, "USD"), "0.05");
  assert.equal(told(1234, "KWD"), "1.234");
  assert.equal(told(1234, "CLF"), "0.1234");
  assert.equal(told(4_294_967_295, "EUR"), "42,949,672.95");
  assert.equal(moneyText(500, "CNY", "zh-CN"), "¥5.00");
});

test("an amount is told in hundredths where people write none", () => {
  for (const currency of ["HUF", "COP", "IDR", "PKR", "LBP", "MGA", "MMK"]) {
    assert.equal(decimalsOf(currency), 2, currency);
    assert.equal(told(123_456, currency), "1,234.56", currency);
  }
  assert.equal(told(123_456, "IQD"), "123.456");
});
