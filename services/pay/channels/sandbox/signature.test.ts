import assert from "node:assert/strict";
import { it } from "node:test";
import { isSigned, PURPOSE, type Signed, sign } from "./signature.ts";

const NOW = 1_700_000_000_999;
const signed: Signed = { secret: "a secret", purpose: PURPOSE.notify, body: Buffer.from("body") };

it("a signature holds for its secret, its purpose and its bytes only", () => {
  const signature = sign(signed, NOW);
  assert.match(signature, /^t=1700000000,v1=[0-9a-f]{64}$/);
  assert.ok(isSigned(signature, signed, NOW));
  for (const other of [
    { secret: "a secret " },
    { purpose: PURPOSE.request("query") },
    { purpose: PURPOSE.answer(signature) },
    { body: Buffer.from("Body") },
    { body: new Uint8Array() },
  ]) {
    assert.ok(!isSigned(signature, { ...signed, ...other }, NOW));
  }
});

it("a signature holds for five minutes before and after its second", () => {
  const signature = sign(signed, NOW);
  const second = NOW - 999;
  for (const apart of [-300_000, -1, 0, 300_000]) assert.ok(isSigned(signature, signed, second + apart));
  for (const apart of [-300_001, 300_001]) assert.ok(!isSigned(signature, signed, second + apart));
});

it("anything that is not of its form is no signature", () => {
  const [time = "", hex = ""] = sign(signed, NOW).split(",v1=");
  for (const text of [
    undefined,
    "",
    "t=,v1=",
    hex,
    `${time},v1=${hex.slice(1)}`,
    `${time},v1=${hex}0`,
    `${time},v1=${hex.toUpperCase()}`,
    `${time},v1=${hex},v1=${hex}`,
    `${time} ,v1=${hex}`,
    `t=+1700000000,v1=${hex}`,
    `t=1700000001,v1=${hex}`,
    `t=01700000000,v1=${hex}`,
    `t=NaN,v1=${hex}`,
  ]) {
    assert.ok(!isSigned(text, signed, NOW), text);
  }
});
