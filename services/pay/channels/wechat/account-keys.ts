import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject } from "node:crypto";
import { AppError } from "@mall/kit/errors";
import type { LiveKeys } from "../accounts/live-keys.ts";
import { activeKey, endOfKeys, validKeys } from "../accounts/valid-keys.ts";
import type { WechatKeys } from "./config.ts";

/** A merchant's signing key, and the serial number of its certificate, by which WeChat Pay knows it. */
export interface MerchantKey {
  readonly Serial: string;
  readonly key: KeyObject;
}

/** The current keys of an account, parsed once. */
export class AccountKeys {
  readonly #live: LiveKeys<WechatKeys>;
  #read: ReturnType<typeof readKeys>;

  constructor(live: LiveKeys<WechatKeys>) {
    this.#live = live;
    this.#read = readKeys(live.current());
  }

  /** @throws AppError FAILED_PRECONDITION KEYS_MISSING if none is valid now. */
  merchantKey(now: number): MerchantKey {
    const key = activeKey(this.#current().merchant, now);
    if (key !== undefined) return key;
    throw new AppError("FAILED_PRECONDITION", "KEYS_MISSING", "none of the merchant's keys may be used now");
  }

  /** The APIv3 keys, with which WeChat Pay encrypts. */
  apiV3Keys(): readonly KeyObject[] {
    return this.#current().apiV3;
  }

  /** The public key that WeChat Pay refers to by this id (public-key mode). */
  publicKey(id: string, now: number): KeyObject | undefined {
    return validKeys(this.#current().publics, now).find(({ Id }) => Id === id)?.key;
  }

  /** The id of the public key with which WeChat Pay is to sign its answers; undefined if the account has none. */
  publicKeyId(now: number): string | undefined {
    return activeKey(this.#current().publics, now)?.Id;
  }

  /** When the merchant's keys or the public keys expire; undefined if they do not. */
  endAt(): number | undefined {
    const { merchant, publics } = this.#current();
    return endOfKeys(merchant, publics);
  }

  #current(): ReturnType<typeof readKeys> {
    const keys = this.#live.current();
    if (keys !== this.#read.from) this.#read = readKeys(keys);
    return this.#read;
  }
}

function readKeys(from: WechatKeys) {
  return {
    from,
    merchant: from.MerchantKeys.map((each) => ({ ...each, key: createPrivateKey(each.PrivateKey) })),
    apiV3: from.ApiV3Keys.map(({ Key }) => createSecretKey(Buffer.from(Key))),
    publics: from.PublicKeys.map((each) => ({ ...each, key: createPublicKey(each.Key) })),
  };
}
