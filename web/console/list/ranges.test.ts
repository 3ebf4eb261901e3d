import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { amountPattern, amountText, localText, minorUnitsOf, rangesOf, secondsOf } from "./ranges.ts";

describe("the ranges of a list", () => {
  it("are asked for as they stand in its address, and nothing that is no number", () => {
    assert.deepEqual(rangesOf({ from: "5", amountMax: "0" }), { from: 5, amountMax: 0 });
    assert.deepEqual(rangesOf({ from: "yesterday", to: "-5", amountMin: "1.5" }), {});
  });

  it("are moments by the viewer's clock", () => {
    const text = "2026-11-30T08:15";
    assert.equal(localText(secondsOf(text)), text);
    assert.equal(secondsOf(text), new Date(2026, 10, 30, 8, 15).getTime() / 1000);
    assert.equal(localText(undefined), "");
    for (const begun of ["", "0002-11-30T08:15", "2026-"]) assert.equal(secondsOf(begun), undefined, begun);
  });

  it("are amounts in the currency's main unit", () => {
    assert.equal(minorUnitsOf(" 12.5 ", "CNY"), 1250);
    assert.equal(minorUnitsOf("19.99", "CNY"), 1999);
    assert.equal(minorUnitsOf("500", "JPY"), 500);
    assert.equal(amountText("1250", "CNY"), "12.50");
    assert.equal(amountText("1250", "JPY"), "1250");
    assert.equal(amountText(undefined, "CNY"), undefined);
    const allowed = (text: string, currency: string): boolean => amountPattern(currency).test(text);
    assert.deepEqual(
      ["12", "12.5", "12.55", "12.555", "-1", "1e5", ""].map((text) => allowed(text, "CNY")),
      [true, true, true, false, false, false, false],
    );
    assert.deepEqual([allowed("12", "JPY"), allowed("12.5", "JPY")], [true, false]);
  });
});
