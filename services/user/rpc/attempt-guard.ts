import type { CountedAttempt, SharedAttemptLimiter } from "@mall/kit/resilience";

/** The attempt that an address has at an account that many try: enough for its owner, who needs no second one. */
const CROWDED_ATTEMPTS_MAX = 1;
/** The longest IPv6 address with a zone; what is longer is no address. */
const ADDRESS_LENGTH_MAX = 64;

/** What is tried, and from where. */
export interface AttemptSource {
  /** Whose password is guessed at, or which mobile is to be registered. */
  readonly account: string;
  /** Undefined where a peer did not say; all such clients count as one. */
  readonly address?: string | undefined;
}

export interface AttemptGuardOptions {
  /** Tells its counts from others on the same cache. */
  readonly name: string;
  /** Attempts of one address at one account within the window. */
  readonly addressMax: number;
  /** Attempts at one account from wherever, after which each address has but one in the window. */
  readonly accountMax: number;
  readonly limiter: (name: string, attemptsMax: number) => SharedAttemptLimiter;
}

/** An attempt that was counted before anything came of it. */
export interface GuardedAttempt {
  /** 0 if it may be made, else the seconds until one may. */
  readonly waitSeconds: number;
  /** Takes it back: it came to nothing. */
  giveBack(): void;
  /** Forgets what its address tried, and takes it back at the account; what others try there goes on counting. */
  succeed(): void;
}

/**
 * Bounds the attempts at an account by account and address, so that nobody can shut its owner out from elsewhere. An
 * account that is tried from many addresses stays open to each of them, with a single attempt in the window.
 */
export class AttemptGuard {
  readonly #byAddress: SharedAttemptLimiter;
  readonly #byAccount: SharedAttemptLimiter;
  readonly #crowded: SharedAttemptLimiter;

  constructor({ name, addressMax, accountMax, limiter }: AttemptGuardOptions) {
    this.#byAddress = limiter(name, addressMax);
    this.#byAccount = limiter(`${name}-account`, accountMax);
    this.#crowded = limiter(`${name}-crowded`, CROWDED_ATTEMPTS_MAX);
  }

  /** Counts an attempt before anything is done for it. */
  async take(source: AttemptSource): Promise<GuardedAttempt> {
    const key = keyOf(source);
    const fromAddress = await this.#byAddress.count(key);
    if (fromAddress.waitSeconds > 0) return this.#attempt(key, [fromAddress]);
    // Its own answer refuses nobody: it says whether an address has many attempts or one.
    const atAccount = await this.#byAccount.count(source.account);
    return atAccount.waitSeconds === 0
      ? this.#attempt(key, [fromAddress, atAccount], atAccount)
      : this.#attempt(key, [fromAddress, await this.#crowded.count(key)]);
  }

  #attempt(key: string, counted: readonly CountedAttempt[], atAccount?: CountedAttempt): GuardedAttempt {
    return {
      waitSeconds: counted.at(-1)?.waitSeconds ?? 0,
      giveBack: () => {
        for (const each of counted) each.giveBack();
      },
      succeed: () => {
        atAccount?.giveBack();
        this.#byAddress.clear(key);
        this.#crowded.clear(key);
      },
    };
  }
}

function keyOf({ account, address = "" }: AttemptSource): string {
  return address === "" ? account : `${account}@${address.slice(0, ADDRESS_LENGTH_MAX)}`;
}
