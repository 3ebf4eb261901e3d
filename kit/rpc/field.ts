import type { BufferWriter, Reader } from "protobufjs/minimal.js";
import type { FieldDefinition, ScalarType } from "./message.ts";

/** Messages nested deeper than this are refused, as protobuf's own implementations do. */
export const NESTING_MAX = 100;

/** Wire types of the protobuf encoding (protobuf.dev/programming-guides/encoding). */
export const WIRE = { varint: 0, fixed64: 1, delimited: 2, fixed32: 5 } as const;

/** A rule that a value breaks, with the path to it from the message at hand, e.g. `data[2].amount`. */
export interface FieldProblem {
  readonly path: string;
  readonly rule: string;
}

/** What a nested field needs from the codec of its message. */
export interface NestedCodec {
  problemOf(value: unknown, depth: number): FieldProblem | undefined;
  write(writer: BufferWriter, value: object): void;
  readInto(reader: Reader, target: Record<string, unknown>, depth: number): void;
  zero(depth: number): Record<string, unknown>;
}

/** A field definition with everything computed once that the hot paths need. */
export interface Field {
  readonly number: number;
  readonly property: string;
  readonly label: "plain" | "repeated" | "optional" | "map";
  /** Exactly one of `scalar` and `nested` is set. */
  readonly scalar: ScalarType | undefined;
  readonly nested: (() => NestedCodec) | undefined;
  /** Wire type of one value. */
  readonly wireType: number;
  /** Tag under which the field is written. */
  readonly tag: number;
  /** True for a repeated number: its values are written under one tag. */
  readonly packed: boolean;
  /** The scalar of a map's keys; its values are `scalar` or `nested`. */
  readonly key: ScalarType | undefined;
  /** Others of its oneof, which it takes the place of. */
  readonly rivals: readonly string[];
}

/** Prepares a definition; `codecOf` finds the codec behind a nested field's message type. */
export function compileField(
  definition: FieldDefinition,
  codecOf: (type: Exclude<FieldDefinition["type"], ScalarType>) => NestedCodec,
  rivals: readonly string[] = [],
): Field {
  const { number, property, type, label = "plain", key } = definition;
  const scalar = typeof type === "string" ? type : undefined;
  const wireType = label === "map" ? WIRE.delimited : wireTypeOf(scalar);
  const packed = label === "repeated" && wireType !== WIRE.delimited;
  const tag = ((number << 3) | (packed ? WIRE.delimited : wireType)) >>> 0;
  const nested = typeof type === "string" ? undefined : () => codecOf(type);
  return { number, property, label, scalar, nested, wireType, tag, packed, key, rivals };
}

/** The path of a problem seen from one level further out. */
export function joinPath(outer: string, inner: string): string {
  return inner === "" ? outer : `${outer}.${inner}`;
}

/** Wire type of one value of a scalar, or of a message. */
export function wireTypeOf(scalar: ScalarType | undefined): number {
  switch (scalar) {
    case undefined:
    case "string":
    case "bytes":
      return WIRE.delimited;
    case "double":
    case "fixed64":
    case "sfixed64":
      return WIRE.fixed64;
    case "float":
    case "fixed32":
    case "sfixed32":
      return WIRE.fixed32;
    default:
      return WIRE.varint;
  }
}
