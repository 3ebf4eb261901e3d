import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { fromStripe, toStripe } from "./currencies.ts";

describe("an amount at Stripe", () => {
  it("is the same where Stripe counts in the minor unit, with whatever decimals", () => {
    for (const currency of ["CNY", "USD", "HUF", "TWD", "JPY", "KRW", "VND", "XAF", "CLP"]) {
      assert.equal(toStripe(1_999, currency), 1_999, currency);
      assert.equal(fromStripe(1_999, currency), 1_999, currency);
    }
  });

  it("has two decimals where ISO 4217 has none, and none where it has two", () => {
    for (const currency of ["ISK", "UGX"]) {
      assert.equal(toStripe(5, currency), 500);
      assert.equal(fromStripe(500, currency), 5);
      assert.equal(fromStripe(550, currency), undefined);
    }
    assert.equal(toStripe(500, "MGA"), 5);
    assert.equal(toStripe(550, "MGA"), undefined);
    assert.equal(fromStripe(5, "MGA"), 500);
  });

  it("ends in 0 where there are three decimals", () => {
    for (const currency of ["BHD", "JOD", "KWD", "OMR", "TND"]) {
      assert.equal(toStripe(5_120, currency), 5_120);
      assert.equal(toStripe(5_124, currency), undefined);
      assert.equal(fromStripe(5_124, currency), 5_124);
    }
  });

  it("is not one in what is no currency, or one that Stripe does not explain", () => {
    for (const currency of ["", "cny", "CN", "CNYY", "IQD", "LYD", "CLF", "UYW"]) {
      assert.equal(toStripe(100, currency), undefined, currency);
      assert.equal(fromStripe(100, currency), undefined, currency);
    }
  });

  it("comes back as it went, exactly, or does not go", () => {
    const currencies = fc.constantFrom("CNY", "JPY", "ISK", "UGX", "MGA", "KWD");
    fc.assert(
      fc.property(fc.maxSafeNat(), currencies, (amount, currency) => {
        const theirs = toStripe(amount, currency);
        if (theirs === undefined) return;
        assert.ok(Number.isSafeInteger(theirs));
        assert.equal(fromStripe(theirs, currency), amount);
      }),
    );
    assert.equal(toStripe(Number.MAX_SAFE_INTEGER, "ISK"), undefined);
    assert.equal(fromStripe(Number.MAX_SAFE_INTEGER, "MGA"), undefined);
  });
});
