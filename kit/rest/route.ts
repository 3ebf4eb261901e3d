import type { Call } from "@mall/kit/context";

/** A JSON Schema (2020-12, the dialect of OpenAPI 3.1), as generated from a `.api` type. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** One HTTP route as its `.api` file defines it, bound to its logic. */
export interface Route {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";
  /** Path with `:name` parameters, e.g. `/api/pay/create`. */
  readonly path: string;
  /** Handler name in the `.api` file, e.g. `Create`. */
  readonly handler: string;
  /** True where the `.api` group says `jwt`: the call has an identity. */
  readonly auth: boolean;
  /** Schema of the JSON body; absent where the route takes none (a body is then not read). */
  readonly request?: JsonSchema;
  /** Schema of the answer; absent where the route answers 200 with an empty body. */
  readonly response?: JsonSchema;
  /** The logic; `request` has passed `request`'s schema (undefined where the route takes none). */
  handle(call: Call, request: never): Promise<unknown>;
}
