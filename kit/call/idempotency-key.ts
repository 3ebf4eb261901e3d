/** A client's key of one write, and whose key it is: together they name the request, however often it is sent. */
export interface IdempotencyKey {
  /** 1 to 255 printable ASCII characters, no spaces around them. */
  readonly key: string;
  /** Whoever sent it, e.g. `user:7`, the same in at most 64 characters: keys of different owners never meet. */
  readonly owner: string;
  /** Asks for the answer that the key already has; without one nothing is done. */
  readonly replayOnly?: true;
}

/** Headers carry nothing else, and no spaces around it. */
const VALUE = /^[!-~](?:[ -~]*[!-~])?$/;
const KEY_LENGTH_MAX = 255;
const OWNER_LENGTH_MAX = 64;

/** True where a key and its owner are within their limits. */
export function isIdempotencyKey({ key, owner }: IdempotencyKey): boolean {
  return (
    VALUE.test(key) && key.length <= KEY_LENGTH_MAX && VALUE.test(owner) && owner.length <= OWNER_LENGTH_MAX
  );
}
