import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeGbk } from "./gbk.ts";

test("text in GBK is what Node reads of it, and what GBK lacks is a question mark", () => {
  assert.deepEqual(
    [...encodeGbk("业务a（）\t")],
    [...[0xd2, 0xb5, 0xce, 0xf1, 0x61, 0xa3, 0xa8, 0xa3, 0xa9, 0x09]],
  );
  const text = "#支付宝业务明细查询 订单金额（元）：镕喆～·€ Ωя";
  assert.equal(new TextDecoder("gbk", { fatal: true }).decode(encodeGbk(text)), text);
  const ideographs = Array.from({ length: 0x9fa6 - 0x4e00 }, (_, index) =>
    String.fromCodePoint(0x4e00 + index),
  );
  const all = ideographs.join("");
  assert.equal(new TextDecoder("gbk", { fatal: true }).decode(encodeGbk(all)), all);
  assert.equal(Buffer.from(encodeGbk("é🍵x")).toString("latin1"), "\xa8\xa6?x");
});
