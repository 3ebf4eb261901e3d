import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FRAME_BYTES_MAX, MalformedFrame } from "./frame.ts";
import { FrameReader } from "./frame-reader.ts";
import { FrameWriter } from "./frame-writer.ts";

type Item = { readonly number: number } | { readonly text: string } | { readonly bytes: Buffer };

const item: fc.Arbitrary<Item> = fc.oneof(
  fc.maxSafeNat().map((number) => ({ number })),
  fc.string({ unit: "grapheme" }).map((text) => ({ text })),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => ({ bytes: Buffer.from(bytes) })),
);

function write(writer: FrameWriter, items: readonly Item[]): Buffer {
  for (const each of items) {
    if ("number" in each) writer.number(each.number);
    else if ("text" in each) writer.text(each.text);
    else writer.bytes(each.bytes);
  }
  return writer.finish();
}

function read(frame: Buffer, shapes: readonly Item[]): Item[] {
  const reader = new FrameReader(frame);
  const items = shapes.map((each): Item => {
    if ("number" in each) return { number: reader.number() };
    if ("text" in each) return { text: reader.text() };
    return { bytes: Buffer.from(reader.bytes()) };
  });
  assert.ok(reader.atEnd);
  return items;
}

test("what is written into a frame is read from it, however many frames share their memory", () => {
  const writer = new FrameWriter();
  fc.assert(
    fc.property(fc.array(fc.array(item), { maxLength: 4 }), (frames) => {
      const written = frames.map((items) => write(writer, items));
      for (const [index, items] of frames.entries()) {
        assert.deepEqual(read(written[index] ?? Buffer.alloc(0), items), items);
      }
    }),
  );
});

test("a frame longer than the memory at hand stays whole, and so do those before it", () => {
  const writer = new FrameWriter();
  const small = [{ text: "before" }];
  const large = [{ bytes: Buffer.alloc(700_000, 7) }, { number: 5 }, { bytes: Buffer.alloc(200_000, 8) }];
  const frames = [small, large, small, large].map((items) => ({ items, frame: write(writer, items) }));
  for (const { items, frame } of frames) assert.deepEqual(read(frame, items), items);
});

test("a frame cut anywhere is malformed", () => {
  fc.assert(
    fc.property(fc.array(item, { minLength: 1, maxLength: 5 }), fc.nat(), (items, at) => {
      const frame = write(new FrameWriter(), items);
      assert.throws(() => read(frame.subarray(0, at % frame.length), items), MalformedFrame);
    }),
  );
});

test("bytes that nobody wrote give values or are malformed, and nothing else", () => {
  const step = fc.constantFrom("kind", "number", "bytes", "text");
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.array(step, { maxLength: 20 }), (bytes, steps) => {
      const reader = new FrameReader(Buffer.from(bytes));
      try {
        for (const name of steps) reader[name]();
      } catch (error) {
        assert.ok(error instanceof MalformedFrame);
      }
    }),
  );
});

test("numbers beyond 2^53-1 and frames beyond their limit are malformed", () => {
  for (const hex of ["ffffffffffffffff7f", "8080808080808010", "ffffffffffffff7f"]) {
    assert.throws(() => new FrameReader(Buffer.from(hex, "hex")).number(), MalformedFrame);
  }
  assert.equal(new FrameReader(Buffer.from("ffffffffffffff0f", "hex")).number(), Number.MAX_SAFE_INTEGER);
  assert.throws(() => new FrameReader(Buffer.alloc(FRAME_BYTES_MAX + 1)), MalformedFrame);
});
