import type { MessageType } from "@mall/kit/rpc";
import fc from "fast-check";

const TEXTS = ["", "x", "123456", "15212230311", "苹果", "a\u0000b", "x".repeat(256), "🍎".repeat(256)];
const INTEGERS = [
  0n,
  1n,
  2n,
  9n,
  10n,
  255n,
  256n,
  500n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 63n - 1n,
  2n ** 63n,
  // -1 and the least int64, as proto3 writes them.
  2n ** 64n - 1n,
  2n ** 64n - 2n ** 53n,
];

/** Bytes around what a message type takes: right ones, nearly right ones and noise. */
export function messageBytes(type: MessageType<unknown>): fc.Arbitrary<Buffer> {
  const right = plausibleValue(type).map((value) => type.encode(value));
  const loose = fc.array(field(), { maxLength: 7 }).map((fields) => Buffer.concat(fields));
  const noise = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes));
  const cut = fc
    .tuple(right, fc.nat({ max: 20 }))
    .map(([bytes, count]) => bytes.subarray(0, Math.max(0, bytes.length - count)));
  return fc.oneof(
    { weight: 4, arbitrary: right },
    // The last of several values of a field wins, so this sets fields that `right` leaves out.
    { weight: 4, arbitrary: fc.tuple(right, loose).map((parts) => Buffer.concat(parts)) },
    { weight: 2, arbitrary: loose },
    { weight: 1, arbitrary: cut },
    { weight: 1, arbitrary: noise },
  );
}

/** A value with the message's own fields, small numbers among them so that rows are hit. */
function plausibleValue(type: MessageType<unknown>): fc.Arbitrary<object> {
  const zero = Object.entries(type.decode(new Uint8Array()) as Record<string, unknown>);
  const values = zero.map(([property, value]) => fc.tuple(fc.constant(property), plausibleField(value)));
  return fc.tuple(...values).map((entries) => Object.fromEntries(entries));
}

/** A value of the kind that a field's zero value is. */
function plausibleField(zero: unknown): fc.Arbitrary<unknown> {
  if (typeof zero === "string") return fc.constantFrom(...TEXTS);
  if (zero instanceof Uint8Array) return fc.uint8Array({ maxLength: 60 });
  // What its elements are, the zero value does not tell.
  if (Array.isArray(zero)) return fc.constant([]);
  return fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom(500, -1, 2 ** 32, 2 ** 53 - 1));
}

/** One field with any small number and any wire type, 3, 4, 6 and 7 (not proto3's) included. */
function field(): fc.Arbitrary<Buffer> {
  const key = fc.integer({ min: 0, max: 9 });
  const number = fc.constantFrom(...INTEGERS).map(varint);
  const text = fc.constantFrom(...TEXTS).map((value) => Buffer.from(value));
  const bytes = fc.uint8Array({ maxLength: 12 }).map((value) => Buffer.from(value));
  const delimited = fc
    .oneof(text, bytes)
    .map((value) => Buffer.concat([varint(BigInt(value.length)), value]));
  const varints = fc.tuple(key, number).map(([id, value]) => join(id, 0, value));
  const texts = fc.tuple(key, delimited).map(([id, value]) => join(id, 2, value));
  const others = fc.tuple(key, fc.constantFrom(1, 3, 4, 5, 6, 7), bytes);
  return fc.oneof(
    { weight: 6, arbitrary: varints },
    { weight: 3, arbitrary: texts },
    { weight: 1, arbitrary: others.map(([id, wire, value]) => join(id, wire, value)) },
  );
}

function join(id: number, wireType: number, value: Buffer): Buffer {
  return Buffer.concat([varint(BigInt(id * 8 + wireType)), value]);
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) + 128);
    rest >>= 7n;
  }
  return Buffer.from([...bytes, Number(rest)]);
}
