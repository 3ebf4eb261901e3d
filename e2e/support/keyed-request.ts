import { randomUUID } from "node:crypto";

/** A request as a client sends it again when it does not know what became of it. */
export interface KeyedRequest {
  readonly path: string;
  readonly body: object;
  readonly token?: string | undefined;
  readonly key: string | undefined;
}

/** All of an answer that a client can act on. */
export interface SeenAnswer {
  readonly status: number;
  /** The body as it came. */
  readonly text: string;
  readonly retryAfter: string | null;
}

/** A key that nobody else has. */
export function newKey(): string {
  return randomUUID();
}

/** Sends a request to an api. */
export async function sendKeyed(baseUrl: string, request: KeyedRequest): Promise<SeenAnswer> {
  const { path, body, token, key } = request;
  const response = await fetch(baseUrl + path, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(key !== undefined && { "idempotency-key": key }),
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, text, retryAfter: response.headers.get("retry-after") };
}

/** The `reason` of an answer that is an error. */
export function reasonIn({ text }: SeenAnswer): string | undefined {
  return (JSON.parse(text) as { reason?: string }).reason;
}
