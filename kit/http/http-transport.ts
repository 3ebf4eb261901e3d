/** One request to a server outside of the mall; header names in lower case. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Absolute, `http:` or `https:`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as it is; absent: no body. */
  readonly body?: Uint8Array;
}

/** An answer, whatever its status; header names in lower case. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * How a service reaches servers outside of the mall, e.g. a payment channel. Whoever gets no answer knows
 * nothing: the request may have been carried out.
 */
export interface HttpTransport {
  /**
   * Sends one request, once, and reads the whole answer. Redirects are answers like any other: a signed
   * request is meant for the server it names.
   *
   * @throws AppError DEADLINE_EXCEEDED after `timeoutMs`; UNAVAILABLE NO_ANSWER where the connection failed;
   * UNAVAILABLE BREAKER_OPEN where the server has failed too often to be asked; RESOURCE_EXHAUSTED ANSWER_TOO_LARGE.
   */
  send(request: HttpRequest, options: { readonly timeoutMs: number }): Promise<HttpAnswer>;
}

/** An answer whose body is still on its way: whoever stops reading it ends the connection. */
export interface HttpStream extends Omit<HttpAnswer, "body"> {
  /** Throws as HttpStreams.open, and UNAVAILABLE NO_ANSWER where it ends before it is whole. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Ends the connection where nobody begins to read. */
  close(): void;
}

/** Answers of any length, such as a channel's bill of a day. */
export interface HttpStreams {
  /**
   * Sends one request, once, and reads of its answer what whoever asks wants to have. Redirects are answers like any
   * other.
   *
   * @param options `timeoutMs`: how long the answer may take to begin, and then each of its pieces.
   * @throws AppError DEADLINE_EXCEEDED; UNAVAILABLE NO_ANSWER where the connection failed; RESOURCE_EXHAUSTED
   * ANSWER_TOO_LARGE where the body has no end.
   */
  open(request: HttpRequest, options: { readonly timeoutMs: number }): Promise<HttpStream>;
}
