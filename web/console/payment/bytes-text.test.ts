import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesText } from "./bytes-text.ts";

test("what a channel posted is text where it is text, and base64 where it is not", () => {
  const text = '{"名称":"苹果"}<script>';
  assert.equal(bytesText(Buffer.from(text).toString("base64")), text);
  assert.equal(bytesText("/w=="), "base64 /w==");
  assert.equal(bytesText(""), "");
});
