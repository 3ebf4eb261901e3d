/** A `.proto` file with what it uses of others, every type by its name in TypeScript. */
export interface ProtoContract {
  /** The package as written, e.g. `pay` or `payclient`; empty without one. */
  readonly packageName: string;
  readonly messages: readonly ProtoMessage[];
  readonly enums: readonly ProtoEnum[];
  readonly services: readonly ProtoService[];
}

export interface ProtoMessage {
  readonly name: string;
  readonly comment: string;
  readonly fields: readonly ProtoField[];
}

export interface ProtoEnum {
  readonly name: string;
  readonly comment: string;
  readonly values: readonly { readonly name: string; readonly number: number; readonly comment: string }[];
}

/** All of proto3; the same list as kit's rpc messages carry. */
export const PROTO_SCALARS = [
  "int64",
  "int32",
  "uint64",
  "uint32",
  "sint64",
  "sint32",
  "fixed64",
  "fixed32",
  "sfixed64",
  "sfixed32",
  "bool",
  "double",
  "float",
  "string",
  "bytes",
] as const;

export type ProtoScalar = (typeof PROTO_SCALARS)[number];

export interface ProtoField {
  /** Name in TypeScript: the contract's with its first letter lower. */
  readonly property: string;
  readonly number: number;
  readonly type: ProtoType;
  readonly label: "plain" | "optional" | "repeated" | "map";
  /** Of a map, the scalar of its keys. */
  readonly key?: ProtoScalar;
  /** The oneof that it is one of. */
  readonly oneof?: string;
  readonly comment: string;
}

/** An enum travels as an int32, and takes values that its contract does not know yet. */
export type ProtoType =
  | { readonly scalar: ProtoScalar; readonly enum?: string }
  | { readonly message: string };

export interface ProtoService {
  /** Name in the contract. */
  readonly name: string;
  readonly comment: string;
  readonly methods: readonly ProtoMethod[];
}

export interface ProtoMethod {
  /** Name in the contract, e.g. `DecrStock`. */
  readonly name: string;
  readonly request: string;
  readonly response: string;
  /** `option idempotency_level` says that a repeated call does no harm. */
  readonly idempotent: boolean;
  /** Which side sends any number of messages; undefined for a unary method. */
  readonly stream: "client" | "server" | "both" | undefined;
  readonly comment: string;
}
