import type { Call } from "@mall/kit/call";

/** A JSON Schema (2020-12, the dialect of OpenAPI 3.1), as generated from a `.api` type. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a raw route is given: the body as it came, nothing of it read or inflated. */
export interface RawRequest {
  /** Names in lower case; those that came more than once are joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** The path's parameters by name, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What a raw route answers with. */
export interface RawAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** One HTTP route as its `.api` file defines it, bound to its logic. */
export interface Route {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";
  /** Path with `:name` parameters, e.g. `/api/pay/create`. */
  readonly path: string;
  /** Handler name in the `.api` file, e.g. `Create`. */
  readonly handler: string;
  /** True where the `.api` group says `jwt`: the call has an identity. */
  readonly auth: boolean;
  /**
   * True where the `.api` group says `body: raw`: the logic takes a RawRequest and gives a RawAnswer, for who
   * speaks a protocol of its own. Its errors answer as everywhere.
   */
  readonly raw?: true;
  /** True where repeating a request changes nothing more, as by default its method says; others take an `Idempotency-Key`. */
  readonly repeatable?: boolean;
  /** Schema of the JSON body; absent where the route takes none (a body is then not read). */
  readonly request?: JsonSchema;
  /** Schema of the answer; absent where the route answers 200 with an empty body. */
  readonly response?: JsonSchema;
  /** The logic; `request` has passed `request`'s schema, or is a RawRequest (undefined where the route takes none). */
  handle(call: Call, request: never): Promise<unknown>;
}
