/**
 * Largest message a server or client receives, in bytes: go-zero's limit (grpc-go's default). Beyond it
 * a call fails with RESOURCE_EXHAUSTED.
 */
export const MESSAGE_BYTES_MAX = 4 * 1024 * 1024;

/** A protobuf message type that encodes to and decodes from its wire bytes. */
export interface MessageType<T> {
  /** Name in the proto, e.g. `CreateRequest`. */
  readonly name: string;
  /**
   * Rejects a value that the message cannot carry: a missing or mistyped field, an integer beyond 2^53,
   * text that is not well-formed Unicode.
   *
   * @throws AppError INVALID_ARGUMENT naming the field.
   */
  check(value: T): void;
  /** Wire bytes of a checked value. */
  encode(value: T): Buffer;
  /**
   * The value of wire bytes; absent fields get proto3's zero values, `optional` ones stay absent.
   *
   * @throws AppError INVALID_ARGUMENT for malformed bytes or an integer beyond 2^53, naming the field.
   */
  decode(bytes: Uint8Array): T;
}

/** Scalar types our contracts use. 64-bit integers are safe JavaScript integers or refused. */
export type ScalarType =
  | IntegerScalar
  | "bool"
  | "double"
  /** A number whose value is rounded to 32 bits on the wire. */
  | "float"
  | "string"
  | "bytes";

/** Scalars that hold whole numbers. */
export type IntegerScalar =
  | "int64"
  | "int32"
  | "uint64"
  | "uint32"
  | "sint32"
  | "sint64"
  | "fixed32"
  | "fixed64"
  | "sfixed32"
  | "sfixed64";

/** One field of a message: how its proto declares it and what it is called in TypeScript. */
export interface FieldDefinition {
  /** Field number on the wire. */
  readonly number: number;
  /** Property name in TypeScript (lower camel case). */
  readonly property: string;
  /** A scalar, or a function that gives the message type of a nested field (a function, so that order does not matter). */
  readonly type: ScalarType | (() => MessageType<unknown>);
  /** `repeated` holds an array, `map` an object, `optional` may be undefined; absent means a plain proto3 field. */
  readonly label?: "repeated" | "optional" | "map";
  /** Of a map, which holds an object by its keys: the scalar that they are; `type` is that of its values. */
  readonly key?: ScalarType;
  /** The name of its oneof: of its fields at most one is set. */
  readonly oneof?: string;
}
