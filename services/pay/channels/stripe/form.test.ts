import assert from "node:assert/strict";
import { it } from "node:test";
import { encodeForm } from "./form.ts";

it("a form is written as Stripe's SDK writes it, but for what it escapes, which reads the same", () => {
  assert.equal(encodeForm({}), "");
  assert.equal(
    encodeForm({
      amount: 100,
      metadata: { "a b": "1+1 ~é" },
      payment_method_types: ["card", "link"],
      line_items: [{ quantity: 1, price_data: { currency: "cny" } }],
      automatic: { enabled: true },
      expires_at: undefined,
    }),
    [
      "amount=100",
      "metadata[a%20b]=1%2B1%20~%C3%A9",
      "payment_method_types[0]=card",
      "payment_method_types[1]=link",
      "line_items[0][quantity]=1",
      "line_items[0][price_data][currency]=cny",
      "automatic[enabled]=true",
    ].join("&"),
  );
});

it("whatever stands in a form is read as it was", () => {
  const subject = "订单 7 & more=100% [a]\n\u0000'\"+";
  const form = new URLSearchParams(encodeForm({ metadata: { [subject]: subject } }));
  assert.deepEqual([...form], [[`metadata[${subject}]`, subject]]);
});
