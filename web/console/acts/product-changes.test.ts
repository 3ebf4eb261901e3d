import assert from "node:assert/strict";
import { test } from "node:test";
import { changesOf } from "./product-changes.ts";

const TEA = { id: 7, name: "Tea", desc: "Green", stock: 3, amount: 500, status: 0 };

test("only what a draft changes of a product is sent, with what it was", () => {
  assert.deepEqual(changesOf(TEA, { ...TEA, desc: "" }), { id: 7, desc: "", expectedDesc: "Green" });
  assert.deepEqual(changesOf(TEA, { name: "Coffee", desc: "Black", amount: 0, status: 1 }), {
    ...{ id: 7, name: "Coffee", expectedName: "Tea", desc: "Black", expectedDesc: "Green" },
    ...{ amount: 0, expectedAmount: 500, status: 1, expectedStatus: 0 },
  });
});

test("a draft that changes nothing is no request", () => {
  assert.equal(changesOf(TEA, TEA), undefined);
});
