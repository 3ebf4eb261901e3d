import type { KeyObject } from "node:crypto";
import type { Logger } from "@mall/kit/log";
import { askForCertificates, bareSerial, type PlatformCertificate } from "./platform-certificates.ts";
import type { Merchant } from "./signed-requests.ts";
import { badAnswer } from "./wire.ts";

/** WeChat Pay wants certificates asked for every 12 hours at least. */
const FRESH_MS = 6 * 3_600_000;
/** Whoever makes up numbers of keys has them asked for no more often, milliseconds. */
const ASK_AGAIN_MS = 5 * 60_000;

const OF_PUBLIC_KEY = /^PUB_KEY_ID_/;
const OF_CERTIFICATE = /^[0-9A-Fa-f]{1,40}$/;

/** The keys that WeChat Pay signs with for an account, by its names: public keys and certificates, side by side. */
export class PlatformKeys {
  readonly #merchant: Merchant;
  readonly #log: Logger;
  #certificates: readonly PlatformCertificate[] = [];
  /** When they were asked for last, and when with success; `elapsed` milliseconds. */
  #askedAt = Number.NEGATIVE_INFINITY;
  #toldAt = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> | undefined;

  constructor(merchant: Merchant, log: Logger) {
    this.#merchant = merchant;
    this.#log = log;
  }

  /**
   * The key that WeChat Pay names so; undefined for one that it has not. No other takes its place.
   *
   * @throws AppError where that key is not known and certificates cannot be had now.
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
   * The key to be answered with, as WeChat Pay calls it: of the public-key mode where the account has it, else the
   * certificate that began last.
   *
   * @throws AppError where there is none, and none can be had now.
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

  /** Those that are known serve until others can be had. */
  async #renew(): Promise<void> {
    try {
      await this.#ask();
    } catch (error) {
      const { Name: channel } = this.#merchant.account;
      this.#log.warn(
        { channel, error },
        "the certificates of WeChat Pay cannot be had; those before are kept",
      );
    }
  }

  /** Asks for all of them; whoever asks meanwhile waits for the same answer. */
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
