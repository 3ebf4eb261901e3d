/** A client's key of one write, and whose key it is: together they name the request, however often it is sent. */
export interface IdempotencyKey {
  /** 1 to 255 printable ASCII characters. */
  readonly key: string;
  /** Whoever sent it, e.g. `user:7`, at most 64 printable ASCII characters: keys of different owners never meet. */
  readonly owner: string;
}

const KEY = /^[\x20-\x7e]{1,255}$/;
const OWNER = /^[\x20-\x7e]{0,64}$/;

/** True where a key and its owner are within their limits. */
export function isIdempotencyKey({ key, owner }: IdempotencyKey): boolean {
  return KEY.test(key) && OWNER.test(owner);
}
