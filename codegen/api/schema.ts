import type { ContractError, Position } from "../emit/index.ts";

/** The Go base types a field may have; `byte` and `rune` arrive here as `uint8` and `int32`. */
export type ScalarName = IntegerName | "float32" | "float64" | "string" | "bool";

export type IntegerName =
  | "int"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64";

/** A type as a field, a request or a response names it. A pointer is its target: JSON knows no pointers. */
export type TypeRef =
  | { readonly kind: "scalar"; readonly name: ScalarName }
  | { readonly kind: "any" }
  /** `[]byte`: JSON carries it as text in base64. */
  | { readonly kind: "bytes" }
  /** `length` of an array that has one. */
  | { readonly kind: "array"; readonly element: TypeRef; readonly length?: number }
  /** `numeric` where the keys are integers, which JSON writes as text. */
  | { readonly kind: "map"; readonly value: TypeRef; readonly numeric?: true }
  | StructRef;

/** A struct by its name. */
export interface StructRef {
  readonly kind: "struct";
  readonly name: string;
  readonly at: Position;
}

/** `range=[1:5)`; a side left open is undefined. */
export interface NumberRange {
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly minExclusive: boolean;
  readonly maxExclusive: boolean;
}

type DefaultValue = string | number | boolean;

/** The options behind the name in a `json` tag. */
export interface FieldRules {
  /** `optional`, or `omitempty`: the property may be left out. */
  readonly optional: boolean;
  /** `default=`: the value of a property that is left out. */
  readonly default: DefaultValue | readonly DefaultValue[] | undefined;
  /** `options=`: the only values allowed. */
  readonly options: readonly (string | number)[] | undefined;
  readonly range: NumberRange | undefined;
  /** `length=`: how many characters (code points) a text may have. Not in go-zero, which passes over it. */
  readonly length?: LengthRange;
  /** The tag `pattern:"…"` beside the json tag: what a text must match. Go keeps it as it is and looks at it nowhere. */
  readonly pattern?: string;
  /** The option `string`: a number or truth value that JSON carries in quotes, and so does the logic. */
  readonly quoted?: true;
  /** A number that may not be 0: `validate:"required"`. */
  readonly nonZero?: true;
  /** A form that texts have a name for: `email`, `uri`, `uuid`. */
  readonly format?: string;
  /** `excludes=`: the JSON name of a field that may not come together with this one. Not in go-zero, which passes over it. */
  readonly excludes?: string;
}

/** `length=[1:64]`; a side left open is undefined. */
export interface LengthRange {
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/** The rules of a field without options: it must be there, any value of its type will do. */
export const NO_RULES: FieldRules = {
  optional: false,
  default: undefined,
  options: undefined,
  range: undefined,
};

/** A part of a request that carries a field beside the JSON body, or instead of it. */
export interface ApiInput {
  readonly from: "path" | "form" | "header";
  readonly name: string;
}

export interface ApiField {
  readonly name: string;
  /** Name of the property, which the JSON body knows it by. */
  readonly jsonName: string;
  readonly type: TypeRef;
  readonly rules: FieldRules;
  /** Where its value may come from beside the JSON body, as the tags `path`, `form` and `header` say. */
  readonly inputs?: readonly ApiInput[];
  /** True where a JSON body does not carry it: it has one of those tags and no json tag. */
  readonly outsideBody?: true;
  /** The comment above the field or at its line's end; empty where there is none. */
  readonly description: string;
  readonly at: Position;
}

export interface ApiType {
  readonly name: string;
  /** The comment above the type; empty where there is none. */
  readonly doc: string;
  readonly fields: readonly ApiField[];
  readonly at: Position;
}

/** The methods a route may have, as the kit's `Route` knows them. */
export type RouteMethod = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";

export interface ApiRoute {
  readonly method: RouteMethod;
  /** With the `prefix` of its group, and `:name` parameters. */
  readonly path: string;
  readonly handler: string;
  /** The `group` of its `@server` block: a folder below `logic/`, or empty. */
  readonly group: string;
  /** True where its `@server` block names a `jwt` configuration. */
  readonly auth: boolean;
  /** The text of `@doc`; empty where there is none. */
  readonly summary: string;
  /** The `description` of its `@doc`. */
  readonly description?: string;
  /** True where its `@server` block says `body: raw`: the logic gets the request's bytes and gives the answer's. */
  readonly raw: boolean;
  /** True where repeating a request changes nothing more: it takes no `Idempotency-Key`. */
  readonly repeatable: boolean;
  /** The middlewares of its `@server` block, outermost first. */
  readonly middlewares?: readonly string[];
  /** `timeout` of its `@server` block, milliseconds. */
  readonly timeoutMs?: number;
  /** `maxBytes` of its `@server` block. */
  readonly bodyBytesMax?: number;
  /** True where its `@server` block says `sse: true`: the answer is a stream of server-sent events. */
  readonly events?: true;
  /** `tags` of its `@server` block: what its operations are grouped under in the API description. */
  readonly tags?: readonly string[];
  /** What a request brings; undefined where the route takes nothing. */
  readonly request: StructRef | undefined;
  /** Undefined where the route answers with an empty body. */
  readonly response: TypeRef | undefined;
  readonly at: Position;
}

/** One contract, its imports included and checked: every name it uses exists, every name it defines exists once. */
export interface ApiSchema {
  readonly types: readonly ApiType[];
  readonly routes: readonly ApiRoute[];
  /** What is odd about the contract, and was passed over. */
  readonly warnings?: readonly ContractError[];
}
