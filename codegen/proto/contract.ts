/** A `.proto` file as far as a mall contract uses the language. */
export interface ProtoContract {
  /** The package as written, e.g. `pay` or `payclient`. */
  readonly packageName: string;
  readonly messages: readonly ProtoMessage[];
  readonly service: ProtoService;
}

export interface ProtoMessage {
  readonly name: string;
  readonly comment: string;
  readonly fields: readonly ProtoField[];
}

/** The scalars a contract may use; the same list as kit's rpc messages carry. */
export type ProtoScalar = "int64" | "int32" | "uint64" | "uint32" | "bool" | "double" | "string" | "bytes";

export interface ProtoField {
  /** Name in TypeScript: the contract's with its first letter lower. */
  readonly property: string;
  readonly number: number;
  readonly type: { readonly scalar: ProtoScalar } | { readonly message: string };
  readonly label: "plain" | "optional" | "repeated";
  readonly comment: string;
}

export interface ProtoService {
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
  readonly comment: string;
}
