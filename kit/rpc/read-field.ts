import type { Reader } from "protobufjs/minimal.js";
import { type Field, joinPath, wireTypeOf } from "./field.ts";
import type { ScalarType } from "./message.ts";
import { zeroScalar } from "./zero-scalar.ts";

/** Wire bytes that are not a value of their field; `path` leads from the message at hand to it. */
export class MalformedField extends Error {
  readonly path: string;
  readonly rule: string;

  constructor(path: string, rule: string) {
    super(`${path} ${rule}`);
    this.path = path;
    this.rule = rule;
  }
}

/** The error of a field as its outer message sees it. */
export function malformedIn(field: Field | undefined, error: unknown): MalformedField {
  const outer = field?.property ?? "";
  if (error instanceof MalformedField) return new MalformedField(joinPath(outer, error.path), error.rule);
  return new MalformedField(outer, "is malformed");
}

/**
 * Reads one occurrence of a field into `target`. As protobuf demands, the last scalar wins, list values
 * are appended, and an embedded message that comes twice is merged.
 *
 * @throws MalformedField, or the reader's own error for truncated bytes.
 */
export function readField(
  reader: Reader,
  field: Field,
  target: Record<string, unknown>,
  depth: number,
): void {
  // Of a oneof the last one that comes is set.
  if (field.rivals.length > 0) for (const rival of field.rivals) delete target[rival];
  if (field.key !== undefined) {
    readEntry(reader, field, target, depth);
    return;
  }
  if (field.scalar === undefined) {
    readNested(reader, field, target, depth);
    return;
  }
  const value = readScalar(reader, field.scalar);
  if (field.label === "repeated") (target[field.property] as unknown[]).push(value);
  else target[field.property] = value;
}

const ENTRY_KEY = 1;
const ENTRY_VALUE = 2;

/** Reads one entry of a map into its object; what an entry leaves out is zero, and the last of a key wins. */
function readEntry(reader: Reader, field: Field, target: Record<string, unknown>, depth: number): void {
  const { key: keyType = "string", scalar } = field;
  const outerEnd = enter(reader);
  const entry: { key: unknown; value: unknown } = {
    key: zeroScalar(keyType),
    value: scalar === undefined ? field.nested?.().zero(0) : zeroScalar(scalar),
  };
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    const isOf = (number: number, wireType: number): boolean => tag === ((number << 3) | wireType);
    if (isOf(ENTRY_KEY, wireTypeOf(keyType))) entry.key = readScalar(reader, keyType);
    else if (!isOf(ENTRY_VALUE, wireTypeOf(scalar))) reader.skipType(tag & 7, 0, tag >>> 3);
    else if (scalar !== undefined) entry.value = readScalar(reader, scalar);
    else readNested(reader, { ...field, property: "value", label: "plain" }, entry, depth);
  }
  reader.len = outerEnd;
  const name = String(entry.key);
  // It would not become a key of the object, but what the object inherits from.
  if (name === "__proto__") throw new MalformedField("", "must not have the key __proto__");
  (target[field.property] as Record<string, unknown>)[name] = entry.value;
}

/** Reads a run of packed numbers into the list of `target`. */
export function readPacked(reader: Reader, field: Field, target: Record<string, unknown>): void {
  const { scalar } = field;
  if (scalar === undefined) return;
  const values = target[field.property] as unknown[];
  const outerEnd = enter(reader);
  while (reader.pos < reader.len) values.push(readScalar(reader, scalar));
  reader.len = outerEnd;
}

function readNested(reader: Reader, field: Field, target: Record<string, unknown>, depth: number): void {
  const codec = field.nested?.();
  if (codec === undefined) return;
  let value = field.label === "repeated" ? undefined : target[field.property];
  if (value === undefined) {
    value = codec.zero(0);
    if (field.label === "repeated") (target[field.property] as unknown[]).push(value);
    else target[field.property] = value;
  }
  const outerEnd = enter(reader);
  codec.readInto(reader, value as Record<string, unknown>, depth + 1);
  reader.len = outerEnd;
}

/** Reads a length and narrows the reader to that many bytes; returns the end to restore. */
function enter(reader: Reader): number {
  const outerEnd = reader.len;
  const end = reader.size() + reader.pos;
  if (end > outerEnd) throw new MalformedField("", "ends too early");
  reader.len = end;
  return outerEnd;
}

function readScalar(reader: Reader, type: ScalarType): unknown {
  switch (type) {
    case "int64":
      return safeInteger(reader.int64());
    case "uint64":
      return safeInteger(reader.uint64());
    case "sint64":
    case "fixed64":
    case "sfixed64":
      return safeInteger(reader[type]());
    case "int32":
    case "uint32":
    case "sint32":
    case "fixed32":
    case "sfixed32":
    case "float":
      return reader[type]();
    case "bool":
      return reader.bool();
    case "double":
      return reader.double();
    case "string":
      return reader.stringVerify();
    case "bytes":
      return reader.bytes();
  }
}

/**
 * The 64 bits as a number. Rounding never moves a value from outside the safe range into it, so that
 * what is safe afterwards is exact.
 */
function safeInteger(bits: { low: number; high: number; unsigned: boolean }): number {
  const high = bits.unsigned ? bits.high >>> 0 : bits.high;
  const value = high * 2 ** 32 + (bits.low >>> 0);
  if (!Number.isSafeInteger(value)) {
    throw new MalformedField("", "must be an integer between -(2^53-1) and 2^53-1");
  }
  return value;
}
