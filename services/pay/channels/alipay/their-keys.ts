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
/** More than Alipay ever has at once; the one that was had first makes room. */
const HAD_MAX = 8;
/** How often one is asked for on the word of a notification, milliseconds: anybody may send one that names another. */
const REST_MS = 10_000;

const downloaded = z.object({ code: z.literal("10000"), alipay_cert_content: z.string().min(1) });

/**
 * Alipay's keys by what a message says that it was signed with. Certificate mode: a certificate that is not known yet is
 * asked for, since Alipay changes its own without a word, and counts if it leads to a root of the configuration, is in
 * its time, and is of the same organisation as the known ones.
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

  /** Whether messages say which certificate they were signed with. */
  get areCertified(): boolean {
    return this.#ring.roots !== undefined;
  }

  /**
   * The keys that may have signed an answer; none for the number of a certificate that is not Alipay's.
   *
   * @param number as the answer says; undefined where it does not
   * @throws whatever keeps the certificate from being asked for.
   */
  async ofAnswer(call: Call, number: string | undefined): Promise<KeyObject[]> {
    const known = this.#known(number);
    return "ask" in known ? this.#ask(call, known.ask) : known;
  }

  /** As {@link ofAnswer}, of a notification. */
  async ofNotify(call: Call, number: string | undefined): Promise<KeyObject[]> {
    const known = this.#known(number);
    if (!("ask" in known)) return known;
    const now = this.#runtime.now();
    if (now < this.#restUntil) throw new Error("a certificate was asked for a moment ago");
    this.#restUntil = now + REST_MS;
    return this.#ask(call, known.ask);
  }

  /** The keys, or the number of the certificate that is to be asked for. */
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
    // Not verified: it carries a certificate, which proves itself.
    return [this.#accept(number, downloaded.parse(JSON.parse(node)).alipay_cert_content)];
  }

  /** @throws Error where it is not the one that was asked for, or not Alipay's. */
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
