import type { Reader } from "protobufjs/minimal.js";
import { type Field, joinPath } from "./field.ts";
import type { ScalarType } from "./message.ts";

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
  if (field.scalar === undefined) {
    readNested(reader, field, target, depth);
    return;
  }
  const value = readScalar(reader, field.scalar);
  if (field.label === "repeated") (target[field.property] as unknown[]).push(value);
  else target[field.property] = value;
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
    case "int32":
      return reader.int32();
    case "uint32":
      return reader.uint32();
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
