import type { KeyObject } from "node:crypto";
import type { Logger } from "@mall/kit/log";
import { askForCertificates, bareSerial, type PlatformCertificate } from "./platform-certificates.ts";
import type { Merchant } from "./signed-requests.ts";
import { badAnswer } from "./wire.ts";

/** WeChat Pay asks for certificates to be fetched at least every 12 hours. */
const FRESH_MS = 6 * 3_600_000;
/** Minimum interval between fetches for unknown serial numbers, which anybody can make up, milliseconds. */
const ASK_AGAIN_MS = 5 * 60_000;

const OF_PUBLIC_KEY = /^PUB_KEY_ID_/;
const OF_CERTIFICATE = /^[0-9A-Fa-f]{1,40}$/;

/** The keys with which WeChat Pay signs for an account, by its names for them: public keys and certificates. */
export class PlatformKeys {
  readonly #merchant: Merchant;
  readonly #log: Logger;
  #certificates: readonly PlatformCertificate[] = [];
  /** When they were last fetched, and last fetched successfully; `elapsed` milliseconds. */
  #askedAt = Number.NEGATIVE_INFINITY;
  #toldAt = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> | undefined;

  constructor(merchant: Merchant, log: Logger) {
    this.#merchant = merchant;
    this.#log = log;
  }

  /**
   * The key with this name; undefined if WeChat Pay has no such key.
   *
   * @throws AppError if the key is unknown and certificates are not available now.
   */
  async find(serial: string): Promise<KeyObject | undefined> {
    const { keys, runtime } = this.#merchant;
    if (OF_PUBLIC_KEY.test(serial)) return keys.publicKey(serial, runtime.now());
    if (!OF_CERTIFICATE.test(serial)) return undefined;
    const known = this.#certificate(serial);
    if (known !== undefined) return known.key;
    if (this.#asking !== undefined || this.#mayAsk()) await this.#ask();
    else if (this.#askedAt !== this.#toldAt)
      throw badAnswer("its certificates could not be had a moment ago");
    return this.#certificate(serial)?.key;
  }

  /**
   * The name of the key that answers are to be signed with: of the public-key mode if the account has it, otherwise the
   * certificate whose period began last.
   *
   * @throws AppError if there is none, and none is available now.
   */
  async preferred(): Promise<string> {
    const { keys, runtime } = this.#merchant;
    const id = keys.publicKeyId(runtime.now());
    if (id !== undefined) return id;
    if (this.#valid().length === 0) await this.#ask();
    else if (runtime.elapsed() - this.#toldAt >= FRESH_MS && this.#mayAsk()) await this.#renew();
    const [latest] = this.#valid().toSorted((left, right) => right.effectiveAt - left.effectiveAt);
    if (latest === undefined)
      throw badAnswer("it has no certificates for the account, which has no public keys");
    return latest.serial;
  }

  #valid(): PlatformCertificate[] {
    const now = this.#merchant.runtime.now();
    return this.#certificates.filter(({ effectiveAt, expireAt }) => effectiveAt <= now && now < expireAt);
  }

  #certificate(serial: string): PlatformCertificate | undefined {
    const bare = bareSerial(serial);
    return this.#valid().find((each) => each.serial === bare);
  }

  #mayAsk(): boolean {
    return this.#merchant.runtime.elapsed() - this.#askedAt >= ASK_AGAIN_MS;
  }

  /** Known certificates are used until others can be fetched. */
  async #renew(): Promise<void> {
    try {
      await this.#ask();
    } catch (error) {
      const { Name: channel } = this.#merchant.account;
      this.#log.warn(
        { channel, error },
        "could not fetch WeChat Pay's certificates; keeping the previous ones",
      );
    }
  }

  /** Fetches all of them; concurrent callers share the answer. */
  #ask(): Promise<void> {
    this.#asking ??= this.#exchange().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #exchange(): Promise<void> {
    const askedAt = this.#merchant.runtime.elapsed();
    this.#askedAt = askedAt;
    const [known] = this.#valid();
    const { keys, runtime } = this.#merchant;
    const serial = keys.publicKeyId(runtime.now()) ?? known?.serial;
    this.#certificates = await askForCertificates(this.#merchant, serial);
    this.#toldAt = askedAt;
  }
}
