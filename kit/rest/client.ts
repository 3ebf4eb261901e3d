import { AppError, type Code, codeOfGrpcStatus } from "@mall/kit/errors";
import { placeInputs } from "./place-inputs.ts";
import type { RequestInputs } from "./route.ts";

const TEXT_LENGTH_MAX = 500;

/** Where and as whom a typed HTTP client calls. */
export interface HttpClient {
  /** Without a trailing slash, e.g. `http://127.0.0.1:8003`. */
  readonly baseUrl: string;
  /** Sent as `Authorization: Bearer <token>`. */
  readonly token?: string | undefined;
  /** The global one by default. */
  readonly fetch?: typeof fetch | undefined;
}

/** How a request that has effects may be sent. */
export interface WriteOptions {
  /** Names the request, so that it can be sent again without a second effect: 1 to 255 printable ASCII characters. */
  readonly idempotencyKey?: string | undefined;
}

/** One route of a server, and how it is asked. */
export interface JsonRequest extends WriteOptions {
  readonly method: string;
  /** With `:name` parameters. */
  readonly path: string;
  /** Which fields of the body travel outside of it. */
  readonly inputs?: RequestInputs;
  /** True where all of them do. */
  readonly bodiless?: true;
}

/** The codes of statuses from servers that send no code, e.g. a Go peer or a proxy. */
const CODE_OF_STATUS: Readonly<Record<number, Code>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  408: "CANCELLED",
  409: "ABORTED",
  413: "INVALID_ARGUMENT",
  415: "INVALID_ARGUMENT",
  422: "FAILED_PRECONDITION",
  429: "RESOURCE_EXHAUSTED",
  501: "UNIMPLEMENTED",
  502: "UNAVAILABLE",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

/**
 * Sends one JSON request and returns the JSON answer; undefined where the answer is empty.
 *
 * @throws AppError the server's own, rebuilt; UNAVAILABLE naming the url when no answer came.
 */
export async function requestJson<T>(http: HttpClient, request: JsonRequest, body?: unknown): Promise<T> {
  const { url, response } = await askServer(http, request, body);
  const { status, headers } = response;
  const text = await response.text().catch((cause: unknown) => {
    throw noAnswer(url, cause);
  });
  if (status < 200 || status > 299) throw errorOf(status, text, headers.get("retry-after"));
  if (text === "") return undefined as T;
  const answer = parseJson(text);
  if (answer === undefined) throw new AppError("UNKNOWN", "BAD_ANSWER", `${url} did not answer with JSON`);
  return answer as T;
}

/**
 * Sends a request, its fields where its inputs say.
 *
 * @throws AppError UNAVAILABLE naming the url when no answer came.
 */
export async function askServer(
  http: HttpClient,
  request: JsonRequest,
  body: unknown,
): Promise<{ url: string; response: Response }> {
  const { method, idempotencyKey, inputs = [], bodiless } = request;
  const placed = placeInputs(request.path, inputs, body);
  const url = http.baseUrl + placed.target;
  // Browsers and Node send none with a question.
  const isSent = placed.body !== undefined && bodiless !== true && method !== "GET" && method !== "HEAD";
  try {
    const response = await (http.fetch ?? fetch)(url, {
      method,
      headers: {
        ...(isSent ? { "content-type": "application/json" } : {}),
        ...(http.token === undefined ? {} : { authorization: `Bearer ${http.token}` }),
        ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
        ...placed.headers,
      },
      ...(isSent ? { body: JSON.stringify(placed.body) } : {}),
    });
    return { url, response };
  } catch (cause) {
    throw noAnswer(url, cause);
  }
}

function noAnswer(url: string, cause: unknown): AppError {
  return new AppError("UNAVAILABLE", "NO_ANSWER", `no answer from ${url}`, { cause });
}

/** The error that an answer with a status outside 200 to 299 is. */
export function errorOf(status: number, text: string, retryAfter: string | null): AppError {
  const answer = parseJson(text);
  const { code, msg, reason, field } = (
    typeof answer === "object" && answer !== null ? answer : {}
  ) as Record<string, unknown>;
  const known = typeof code === "number" ? codeOfGrpcStatus(code) : undefined;
  return new AppError(
    known ?? CODE_OF_STATUS[status] ?? "UNKNOWN",
    typeof reason === "string" ? reason : `HTTP_${status}`,
    typeof msg === "string" ? msg : text.trim().slice(0, TEXT_LENGTH_MAX) || `HTTP status ${status}`,
    {
      field: typeof field === "string" ? field : undefined,
      // The header may also name a date, which only proxies write.
      retryAfterSeconds: /^\d{1,9}$/.test(retryAfter ?? "") ? Number(retryAfter) : undefined,
    },
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
