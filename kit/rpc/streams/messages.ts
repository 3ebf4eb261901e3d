/** The two directions of a stream, whatever its kind: requests come in, answers go out. */
export interface Messages {
  readonly requests: AsyncIterable<unknown>;
  /** Hands one answer over; resolves when there is room for the next. */
  send(answer: unknown): Promise<void>;
}

/** The same in bytes. */
export interface WireMessages {
  readonly requests: AsyncIterable<Buffer>;
  send(answer: Buffer): Promise<void>;
}
