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

it("may lead to any address of a shop that may be returned to", () => {
  for (const returnUrl of ["https://shop.test", "HTTPS://Shop.test:443/#a@b", "https://shop.test?订单=1"])
    assert.equal(wayAsked(context, channel, { ...request, returnUrl }).returnUrl, returnUrl);
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
    [{ returnUrl: "https://shop.test\\orders" }, "returnUrl"],
    [{ returnUrl: "https:\\\\shop.test/" }, "returnUrl"],
    [{ returnUrl: "https:/shop.test/" }, "returnUrl"],
    [{ returnUrl: "https://shop\t.test/" }, "returnUrl"],
    [{ returnUrl: " https://shop.test/" }, "returnUrl"],
    [{ returnUrl: "https://shop.test/\n" }, "returnUrl"],
  ] as const) {
    assert.throws(() => wayAsked(context, channel, { ...request, ...wrong }), {
      reason: "INVALID_FIELD",
      field,
    });
  }
});
