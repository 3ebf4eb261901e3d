import type { Position } from "../emit/index.ts";

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
  | { readonly kind: "array"; readonly element: TypeRef }
  | { readonly kind: "map"; readonly value: TypeRef }
  | { readonly kind: "struct"; readonly name: string; readonly at: Position };

/** `range=[1:5)`; a side left open is undefined. */
export interface NumberRange {
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly minExclusive: boolean;
  readonly maxExclusive: boolean;
}

/** The options behind the name in a `json` tag. */
export interface FieldRules {
  /** `optional`, or `omitempty`: the property may be left out. */
  readonly optional: boolean;
  /** `default=`: the value of a property that is left out. */
  readonly default: string | number | boolean | undefined;
  /** `options=`: the only values allowed. */
  readonly options: readonly (string | number)[] | undefined;
  readonly range: NumberRange | undefined;
  /** `length=`: how many characters (code points) a text may have. Not in go-zero, which passes over it. */
  readonly length?: LengthRange;
  /** The tag `pattern:"…"` beside the json tag: what a text must match. Go keeps it as it is and looks at it nowhere. */
  readonly pattern?: string;
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

export interface ApiField {
  readonly name: string;
  readonly jsonName: string;
  readonly type: TypeRef;
  readonly rules: FieldRules;
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
  /** With the `prefix` of its group; of a raw route with `:name` parameters. */
  readonly path: string;
  readonly handler: string;
  /** The `group` of its `@server` block: a folder below `logic/`, or empty. */
  readonly group: string;
  /** True where its `@server` block names a `jwt` configuration. */
  readonly auth: boolean;
  /** The text of `@doc`; empty where there is none. */
  readonly summary: string;
  /** True where its `@server` block says `body: raw`: the logic gets the request's bytes and gives the answer's. */
  readonly raw: boolean;
  /** True where repeating a request changes nothing more: it takes no `Idempotency-Key`. */
  readonly repeatable: boolean;
  /** The struct that the JSON body holds; undefined where the route takes none. */
  readonly request: Extract<TypeRef, { kind: "struct" }> | undefined;
  /** Undefined where the route answers with an empty body. */
  readonly response: TypeRef | undefined;
  readonly at: Position;
}

/** One `.api` file, checked: every name it uses exists, every name it defines exists once. */
export interface ApiSchema {
  readonly types: readonly ApiType[];
  readonly routes: readonly ApiRoute[];
}
