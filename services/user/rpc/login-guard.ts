import type { SharedAttemptLimiter } from "@mall/kit/resilience";

/** Guesses of one address at one account within the window. */
const ADDRESS_ATTEMPTS_MAX = 10;
/** Guesses at one account from wherever, after which each address has but one in the window. */
const ACCOUNT_ATTEMPTS_MAX = 50;
/** The guess that an address has at an account that many guess at: enough for its owner, who knows the password. */
const CROWDED_ATTEMPTS_MAX = 1;
/** The longest IPv6 address with a zone; what is longer is no address. */
const ADDRESS_LENGTH_MAX = 64;

/** Whose password is guessed at, and from where; undefined where a peer did not say. */
export interface LoginSource {
  readonly mobile: string;
  readonly address?: string | undefined;
}

/**
 * Bounds the guesses at passwords by account and address, so that nobody can shut an owner out from elsewhere. An
 * account that is guessed at from many addresses stays open to each of them, with a single guess in the window.
 */
export class LoginGuard {
  readonly #byAddress: SharedAttemptLimiter;
  readonly #byAccount: SharedAttemptLimiter;
  readonly #crowded: SharedAttemptLimiter;

  constructor(limiter: (name: string, attemptsMax: number) => SharedAttemptLimiter) {
    this.#byAddress = limiter("login", ADDRESS_ATTEMPTS_MAX);
    this.#byAccount = limiter("login-account", ACCOUNT_ATTEMPTS_MAX);
    this.#crowded = limiter("login-crowded", CROWDED_ATTEMPTS_MAX);
  }

  /** Takes an attempt before anybody looks at its password: 0 if there was one, else the seconds until there is. */
  async take(source: LoginSource): Promise<number> {
    const key = keyOf(source);
    const wait = await this.#byAddress.take(key);
    if (wait > 0) return wait;
    return (await this.#byAccount.take(source.mobile)) === 0 ? 0 : this.#crowded.take(key);
  }

  /** Takes an attempt back that came to nothing. */
  giveBack(source: LoginSource): void {
    const key = keyOf(source);
    this.#byAddress.giveBack(key);
    this.#crowded.giveBack(key);
  }

  /** Forgets what an address guessed, after it was right; what others guess at the account goes on counting. */
  clear(source: LoginSource): void {
    const key = keyOf(source);
    this.#byAddress.clear(key);
    this.#crowded.clear(key);
  }
}

/** Peers that do not say where a client is count as one address. */
function keyOf({ mobile, address = "" }: LoginSource): string {
  return address === "" ? mobile : `${mobile}@${address.slice(0, ADDRESS_LENGTH_MAX)}`;
}
