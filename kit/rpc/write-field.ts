import type { BufferWriter } from "protobufjs/minimal.js";
import { type Field, wireTypeOf } from "./field.ts";
import { keyValue } from "./map-key.ts";
import type { ScalarType } from "./message.ts";

const UINT32_MAX = 2 ** 32 - 1;

/** Writes a checked field value with its tag; what proto3 leaves out (zero values, empty lists) is not written. */
export function writeField(writer: BufferWriter, field: Field, value: unknown): void {
  if (value === undefined) return;
  if (field.label === "repeated") {
    writeRepeated(writer, field, value as readonly unknown[]);
  } else if (field.key !== undefined) {
    writeMap(writer, field, field.key, value as Readonly<Record<string, unknown>>);
  } else if (field.label === "optional" || field.scalar === undefined || !isZero(field.scalar, value)) {
    writeOne(writer, field, value);
  }
}

/** An entry a key: a message of key and value, both written even where they are zero. */
function writeMap(
  writer: BufferWriter,
  field: Field,
  key: ScalarType,
  values: Readonly<Record<string, unknown>>,
): void {
  for (const [name, value] of Object.entries(values)) {
    writer.uint32(field.tag).fork();
    writer.uint32((1 << 3) | wireTypeOf(key));
    writeScalar(writer, key, keyValue(key, name));
    const tag = (2 << 3) | wireTypeOf(field.scalar);
    writeOne(writer, { ...field, tag }, value);
    writer.ldelim();
  }
}

function writeRepeated(writer: BufferWriter, field: Field, values: readonly unknown[]): void {
  if (values.length === 0) return;
  if (!field.packed || field.scalar === undefined) {
    for (const value of values) writeOne(writer, field, value);
    return;
  }
  writer.uint32(field.tag).fork();
  for (const value of values) writeScalar(writer, field.scalar, value);
  writer.ldelim();
}

function writeOne(writer: BufferWriter, field: Field, value: unknown): void {
  writer.uint32(field.tag);
  if (field.scalar !== undefined) {
    writeScalar(writer, field.scalar, value);
    return;
  }
  writer.fork();
  field.nested?.().write(writer, value as object);
  writer.ldelim();
}

function writeScalar(writer: BufferWriter, type: ScalarType, value: unknown): void {
  switch (type) {
    case "int64":
    case "uint64":
      writeInteger(writer, value as number);
      return;
    case "int32":
      writer.int32(value as number);
      return;
    case "uint32":
      writer.uint32(value as number);
      return;
    case "float":
      writer.float(value as number);
      return;
    case "sint32":
    case "sint64":
    case "fixed32":
    case "fixed64":
    case "sfixed32":
    case "sfixed64":
      writer[type](value as number);
      return;
    case "bool":
      writer.bool(value as boolean);
      return;
    case "double":
      writer.double(value as number);
      return;
    case "string":
      writer.string(value as string);
      return;
    case "bytes":
      writer.bytes(value as Uint8Array);
  }
}

/** The same bytes as `int64`, without a 64-bit helper object where 32 bits are enough. */
function writeInteger(writer: BufferWriter, value: number): void {
  if (value >= 0 && value <= UINT32_MAX) writer.uint32(value);
  else writer.int64(value);
}

function isZero(type: ScalarType, value: unknown): boolean {
  switch (type) {
    case "string":
      return value === "";
    case "bool":
      return value === false;
    case "double":
    case "float":
      // Minus zero is a value of its own: its bits are not all zero.
      return Object.is(value, 0);
    case "bytes":
      return (value as Uint8Array).length === 0;
    default:
      return value === 0;
  }
}
