/** A request as it came over the wire: channels sign bytes, so nothing of it is decoded or cleaned. */
export interface SimRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** An answer as it goes over the wire. */
export interface SimAnswer {
  readonly status: number;
  /** Names as they are written: an official SDK reads some of them in no other case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Where the connection ends early: before the first byte, or in the middle of the body. */
  readonly cut?: "before" | "half";
}

/** The path of a request without its query, still encoded. */
export function pathOf({ url }: SimRequest): string {
  return url.split("?", 1)[0] ?? "";
}

/** A request's query, decoded by form rules. */
export function queryOf({ url }: SimRequest): URLSearchParams {
  const at = url.indexOf("?");
  return new URLSearchParams(at < 0 ? "" : url.slice(at + 1));
}

/** Address that a request came to by its own word, without a trailing slash; where it has none, that of buyers. */
export function originOf({ headers: { host } }: SimRequest, publicUrl: string): string {
  if (host === undefined) return publicUrl;
  return `${publicUrl.startsWith("https:") ? "https" : "http"}://${host}`;
}

/** A request's body as UTF-8. */
export function textOf({ body }: SimRequest): string {
  return Buffer.from(body).toString("utf8");
}

export function jsonAnswer(status: number, value: unknown): SimAnswer {
  const headers = { "Content-Type": "application/json; charset=utf-8" };
  return { status, headers, body: Buffer.from(JSON.stringify(value)) };
}

export function htmlAnswer(status: number, html: string): SimAnswer {
  const headers = { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" };
  return { status, headers, body: Buffer.from(html) };
}
