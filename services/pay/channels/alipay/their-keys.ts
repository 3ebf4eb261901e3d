import type { KeyObject } from "node:crypto";
import type { Call } from "@mall/kit/call";
import type { Runtime } from "@mall/kit/runtime";
import { z } from "zod";
import { certificateNumber } from "./certificate-number.ts";
import type { Gateway } from "./gateway.ts";
import { type KeyRing, organisationOf } from "./key-ring.ts";
import { certificatesOf, rsa } from "./key-text.ts";
import { leadsToRoot } from "./trust.ts";

const METHOD = "alipay.open.app.alipaycert.download";
const NUMBER = /^[0-9a-f]{32}$/;
/** More than Alipay ever has at a time; the oldest is dropped to make room. */
const HAD_MAX = 8;
/**
 * Minimum interval between fetches triggered by notifications, milliseconds: anybody can send one that names an unknown
 * certificate.
 */
const REST_MS = 10_000;

const downloaded = z.object({ code: z.literal("10000"), alipay_cert_content: z.string().min(1) });

/**
 * Alipay's keys, by what a message says it was signed with. In certificate mode an unknown certificate is fetched,
 * since Alipay rotates its own without notice; it counts if it chains to a configured root, is within its period, and
 * has the same holder as the known ones.
 */
export class TheirKeys {
  readonly #ring: KeyRing;
  readonly #gateway: Gateway;
  readonly #runtime: Pick<Runtime, "now">;
  readonly #had = new Map<string, KeyObject>();
  #hadUnder: KeyRing["roots"];
  #restUntil = Number.NEGATIVE_INFINITY;

  constructor(ring: KeyRing, gateway: Gateway, runtime: Pick<Runtime, "now">) {
    this.#ring = ring;
    this.#gateway = gateway;
    this.#runtime = runtime;
  }

  /** Whether messages name the certificate they were signed with. */
  get areCertified(): boolean {
    return this.#ring.roots !== undefined;
  }

  /**
   * The keys that may have signed an answer; none if the number is of a certificate that is not Alipay's.
   *
   * @param number from the answer; undefined if it has none
   * @throws whatever keeps the certificate from being fetched.
   */
  async ofAnswer(call: Call, number: string | undefined): Promise<KeyObject[]> {
    const known = this.#known(number);
    return "ask" in known ? this.#ask(call, known.ask) : known;
  }

  /** As {@link ofAnswer}, for a notification. */
  async ofNotify(call: Call, number: string | undefined): Promise<KeyObject[]> {
    const known = this.#known(number);
    if (!("ask" in known)) return known;
    const now = this.#runtime.now();
    if (now < this.#restUntil) throw new Error("a certificate was asked for a moment ago");
    this.#restUntil = now + REST_MS;
    return this.#ask(call, known.ask);
  }

  /** The keys, or the number of the certificate to fetch. */
  #known(number: string | undefined): KeyObject[] | { readonly ask: string } {
    const now = this.#runtime.now();
    const { roots } = this.#ring;
    if (number === undefined || roots === undefined) return this.#ring.theirs(now);
    const known = this.#ring.theirs(now, number);
    if (known.length > 0) return known;
    if (roots !== this.#hadUnder) this.#had.clear();
    const had = this.#had.get(number);
    if (had !== undefined) return [had];
    return NUMBER.test(number) ? { ask: number } : [];
  }

  async #ask(call: Call, number: string): Promise<KeyObject[]> {
    const { node } = await this.#gateway.exchange(call, {
      method: METHOD,
      content: { alipay_cert_sn: number },
    });
    // Its signature need not be verified: the certificate it carries proves itself.
    return [this.#accept(number, downloaded.parse(JSON.parse(node)).alipay_cert_content)];
  }

  /** @throws Error if it is not the requested certificate, or not Alipay's. */
  #accept(number: string, content: string): KeyObject {
    const { roots = [] } = this.#ring;
    const [certificate, ...between] = certificatesOf(Buffer.from(content, "base64").toString("latin1"));
    if (certificateNumber(certificate) !== number)
      throw new Error("another certificate came than was asked for");
    if (!leadsToRoot(certificate, { between, roots, at: this.#runtime.now() }))
      throw new Error("the certificate does not lead to a root that is trusted");
    if (!this.#ring.isTheirs(organisationOf(certificate))) throw new Error("the certificate is not Alipay's");
    const key = rsa(certificate.publicKey);
    this.#keep(number, key);
    return key;
  }

  #keep(number: string, key: KeyObject): void {
    const [oldest] = this.#had.keys();
    if (this.#had.size >= HAD_MAX && oldest !== undefined) this.#had.delete(oldest);
    this.#had.set(number, key);
    this.#hadUnder = this.#ring.roots;
  }
}
