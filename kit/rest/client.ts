import { AppError, type Code, codeOfGrpcStatus } from "@mall/kit/errors";

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
  readonly path: string;
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
  const { method, path, idempotencyKey } = request;
  const url = http.baseUrl + path;
  const { status, text, retryAfter } = await exchange(http, url, {
    method,
    headers: {
      ...headersOf(http, body),
      ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (status < 200 || status > 299) throw errorOf(status, text, retryAfter);
  if (text === "") return undefined as T;
  const answer = parseJson(text);
  if (answer === undefined) throw new AppError("UNKNOWN", "BAD_ANSWER", `${url} did not answer with JSON`);
  return answer as T;
}

function headersOf(http: HttpClient, body: unknown): Record<string, string> {
  return {
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...(http.token === undefined ? {} : { authorization: `Bearer ${http.token}` }),
  };
}

async function exchange(
  http: HttpClient,
  url: string,
  init: RequestInit,
): Promise<{ status: number; text: string; retryAfter: string | null }> {
  try {
    const response = await (http.fetch ?? fetch)(url, init);
    const { status, headers } = response;
    return { status, text: await response.text(), retryAfter: headers.get("retry-after") };
  } catch (cause) {
    throw new AppError("UNAVAILABLE", "NO_ANSWER", `no answer from ${url}`, { cause });
  }
}

function errorOf(status: number, text: string, retryAfter: string | null): AppError {
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
