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

/** A field of a request that does not come, or not only, in a JSON body. */
export interface RequestInput {
  /** `form` is the query, and the body of a form. */
  readonly from: "path" | "form" | "header";
  /** What it is called there. */
  readonly name: string;
  /** The property that it becomes. */
  readonly property: string;
  /** True where a JSON body may carry it too, which then counts. */
  readonly orBody?: boolean;
}

/** All such fields of a request, in the order in which they are read. */
export type RequestInputs = readonly RequestInput[];

/** A request as a middleware sees it, before anything of it is checked. */
export interface MiddlewareRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case; those that came more than once are joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** The path's parameters by name, decoded. */
  readonly params: Readonly<Record<string, string>>;
}

/** Goes on with a request, as this call; gives what the logic answers. */
export type Next = (call: Call) => Promise<unknown>;

/** What runs around the logic of a route: before the request is checked, after the token is. */
export type Middleware = (call: Call, request: MiddlewareRequest, next: Next) => Promise<unknown>;

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
  /** How long its logic may take instead of what the server allows; 0 for no limit. */
  readonly timeoutMs?: number;
  /** Bytes that a body may have instead of what the server allows; 0 for no limit. */
  readonly bodyBytesMax?: number;
  /** Run around the logic, outermost first. */
  readonly middlewares?: readonly Middleware[];
  /** Schema of what the request brings; absent where the route takes none (a body is then not read). */
  readonly request?: JsonSchema;
  /** The fields of `request` that come from elsewhere than a JSON body. */
  readonly inputs?: RequestInputs;
  /** True where all fields do, so that no JSON body is read. */
  readonly bodiless?: true;
  /** True where the answer is a stream: `handle` gives an AsyncIterable, each value of which is sent as an event (SSE). */
  readonly events?: true;
  /** Schema of the answer; absent where the route answers 200 with an empty body. */
  readonly response?: JsonSchema;
  /** The logic; `request` has passed `request`'s schema, or is a RawRequest (undefined where the route takes none). */
  handle(call: Call, request: never): Promise<unknown>;
}
