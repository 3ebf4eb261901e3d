import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { dayAt, dayOf, daysBetween } from "./bill-day.ts";
import { billedFen } from "./billed-yuan.ts";
import { cellsByName } from "./table.ts";
import { textLines } from "./text-lines.ts";

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function linesOf(bytes: Uint8Array, size = 7, encoding: "utf-8" | "gbk" = "utf-8"): Promise<string[]> {
  return Array.fromAsync(textLines(inPieces(bytes, size), encoding));
}

test("lines are the same however their bytes are cut", async () => {
  const line = fc.string({ unit: fc.constantFrom("`", ",", "支", "é", "😀", "1") });
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 1 }),
      fc.integer({ min: 1, max: 9 }),
      async (lines, size) => {
        const told = await linesOf(Buffer.from(`${lines.join("\r\n")}\r\n`), size);
        assert.deepEqual(told, lines);
      },
    ),
  );
});

test("a mark at the beginning is no part of the first line, and a last line needs no end", async () => {
  assert.deepEqual(await linesOf(Buffer.from("\ufeffa\nb")), ["a", "b"]);
  assert.deepEqual(await linesOf(Buffer.of()), []);
});

test("GBK is read, and bytes that are none, or a line without an end, are refused", async () => {
  assert.deepEqual(await linesOf(Buffer.from("d6a7b8b60a31", "hex"), 1, "gbk"), ["支付", "1"]);
  await assert.rejects(linesOf(Buffer.of(0xff, 0xfe, 0x0a)), TypeError);
  await assert.rejects(linesOf(Buffer.alloc(200_000, "x"), 1_000), { reason: "BAD_ANSWER" });
});

test("yuan of a bill are fen, half of one counts as one", () => {
  const told = ["0.01", "-0.53280", "0.005", "0.00499", "12", "-0.00400"].map(billedFen);
  assert.deepEqual(told, [1, -53, 1, 0, 1200, 0]);
  for (const text of ["", "1,000.00", "1e3", "0.123456", " 1", "+1", "99999999999999"])
    assert.equal(billedFen(text), undefined, text);
});

test("cells in excess belong to the column of free text", () => {
  const names = ["no", "title", "fee"];
  const cells = cellsByName(names, ["1", "a", "b", "c", "9"], "title");
  assert.deepEqual([cells?.get("no"), cells?.get("fee")], ["1", "9"]);
  assert.equal(cellsByName(names, ["1", "a"], "title"), undefined);
  assert.equal(cellsByName(names, ["1", "a", "2", "3"], "other"), undefined);
});

test("days are the calendar's, by the channel's clocks", () => {
  const china = 8 * 3_600_000;
  const { from, until } = dayOf("2026-11-30", china);
  assert.deepEqual([from, until], [Date.UTC(2026, 10, 29, 16), Date.UTC(2026, 10, 30, 16)]);
  assert.deepEqual([dayAt(from, china), dayAt(until, china)], ["2026-11-30", "2026-12-01"]);
  assert.deepEqual(daysBetween("2028-02-28", "2028-03-01"), ["2028-02-28", "2028-02-29", "2028-03-01"]);
  assert.deepEqual(daysBetween("2026-11-30", "2026-11-29"), []);
  for (const day of ["2026-02-30", "2026-2-3", "today", "+002026-01-01", ""])
    assert.throws(() => dayOf(day, china), RangeError, day);
});
