import assert from "node:assert/strict";
import { it } from "node:test";
import { wayAsked } from "./pay-way.ts";

const context = { returnOrigins: new Set(["https://shop.test"]) };
const channel = { name: "any", products: ["qr", "jsapi"] } as const;
const request = { id: 1, channel: "any" };

it("is the channel's first where nobody chooses, and otherwise what was chosen", () => {
  assert.deepEqual(wayAsked(context, channel, request), { product: "qr", payerId: "", returnUrl: "" });
  const chosen = { product: "jsapi", payerId: "o1", returnUrl: "https://shop.test/orders/1?paid" };
  assert.deepEqual(wayAsked(context, channel, { ...request, ...chosen }), chosen);
});

it("is refused where the channel has no such product, nobody is named to pay, or the browser would go elsewhere", () => {
  for (const [wrong, field] of [
    [{ product: "page" }, "product"],
    [{ product: "" }, "product"],
    [{ product: "jsapi" }, "payerId"],
    [{ product: "jsapi", payerId: "" }, "payerId"],
    [{ returnUrl: "https://shop.test.evil.test/" }, "returnUrl"],
    [{ returnUrl: "http://shop.test/" }, "returnUrl"],
    [{ returnUrl: "//shop.test/" }, "returnUrl"],
    [{ returnUrl: "javascript:alert(1)" }, "returnUrl"],
    [{ returnUrl: "blob:https://shop.test/1" }, "returnUrl"],
    [{ returnUrl: "https://evil.test@shop.test/" }, "returnUrl"],
  ] as const) {
    assert.throws(() => wayAsked(context, channel, { ...request, ...wrong }), {
      reason: "INVALID_FIELD",
      field,
    });
  }
});
