import type { KeyObject, X509Certificate } from "node:crypto";
import { AppError } from "@mall/kit/errors";
import type { LiveKeys } from "../accounts/live-keys.ts";
import { activeKey, endOfKeys, validKeys } from "../accounts/valid-keys.ts";
import { certificateNumber, rootsNumber } from "./certificate-number.ts";
import { certificatesOf, privateKeyOf, publicKeyOf } from "./key-text.ts";
import type { AlipayKeys } from "./keys-config.ts";

interface Timed {
  readonly NotBefore?: string | undefined;
  readonly NotAfter?: string | undefined;
  /** When its certificate expires. */
  readonly certifiedUntil?: string;
}

/** A key of the app. */
export interface OwnKey extends Timed {
  readonly key: KeyObject;
  /** The numbers of its certificate and of the roots; certificate mode only. */
  readonly numbers?: { readonly app_cert_sn: string; readonly alipay_root_cert_sn: string };
}

/** A key of Alipay's. */
interface TheirKey extends Timed {
  readonly key: KeyObject;
  readonly certificate?: { readonly number: string; readonly subject: string };
}

interface Keys {
  readonly own: readonly OwnKey[];
  readonly theirs: readonly TheirKey[];
  /** Certificate mode only. */
  readonly roots?: readonly X509Certificate[];
}

/** The parsed keys of an account. */
export class KeyRing {
  readonly #live: LiveKeys<AlipayKeys>;
  readonly #account: string;
  #texts: AlipayKeys;
  #keys: Keys;

  constructor(account: string, live: LiveKeys<AlipayKeys>) {
    this.#live = live;
    this.#account = account;
    this.#texts = live.current();
    this.#keys = readKeys(this.#texts);
  }

  /**
   * The key to sign with now.
   *
   * @throws AppError FAILED_PRECONDITION CHANNEL_KEYLESS if there is none.
   */
  own(now: number): OwnKey {
    const key = activeKey(this.#current().own, now);
    if (key !== undefined) return key;
    const message = `no key of account ${this.#account} may be used now: see NotBefore and NotAfter of its PrivateKeys`;
    throw new AppError("FAILED_PRECONDITION", "CHANNEL_KEYLESS", message);
  }

  /** Alipay's keys that are valid now: all of them, or those of one certificate. */
  theirs(now: number, number?: string): KeyObject[] {
    const valid = validKeys(this.#current().theirs, now);
    return valid
      .filter(({ certificate }) => number === undefined || certificate?.number === number)
      .map(({ key }) => key);
  }

  /** The roots that Alipay's certificates must chain to; undefined in key mode. */
  get roots(): readonly X509Certificate[] | undefined {
    return this.#current().roots;
  }

  /** Whether a certificate with that organisation belongs to Alipay, judging by the configured ones. */
  isTheirs(subject: string): boolean {
    return this.#current().theirs.some(({ certificate }) => certificate?.subject === subject);
  }

  /** When the keys and certificates of the app or of Alipay expire; undefined if they do not. */
  endAt(): number | undefined {
    const { own, theirs } = this.#current();
    return endOfKeys(own.map(withEnd), theirs.map(withEnd));
  }

  #current(): Keys {
    const texts = this.#live.current();
    if (texts !== this.#texts) {
      this.#texts = texts;
      this.#keys = readKeys(texts);
    }
    return this.#keys;
  }
}

function readKeys(texts: AlipayKeys): Keys {
  const { PrivateKeys, AlipayPublicKeys, AlipayCertificates, RootCertificates } = texts;
  const roots = RootCertificates === undefined ? undefined : certificatesOf(RootCertificates);
  return {
    own: PrivateKeys.map(({ PrivateKey, Certificate, ...timed }) => ({
      ...timed,
      key: privateKeyOf(PrivateKey),
      ...(Certificate !== undefined && roots !== undefined && certifiedBy(Certificate, roots)),
    })),
    theirs: [
      ...AlipayPublicKeys.map(({ PublicKey, ...timed }) => ({ ...timed, key: publicKeyOf(PublicKey) })),
      ...AlipayCertificates.map(({ Certificate, ...timed }) => ({
        ...timed,
        ...keyOf(certificatesOf(Certificate)[0]),
      })),
    ],
    ...(roots !== undefined && { roots }),
  };
}

function certifiedBy(
  text: string,
  roots: readonly X509Certificate[],
): Pick<OwnKey, "numbers" | "certifiedUntil"> {
  const [certificate] = certificatesOf(text);
  const numbers = { app_cert_sn: certificateNumber(certificate), alipay_root_cert_sn: rootsNumber(roots) };
  return { numbers, certifiedUntil: certificate.validTo };
}

/** A key that ends with its certificate, if that is sooner. */
function withEnd({ NotAfter, certifiedUntil }: Timed): { readonly NotAfter?: string | undefined } {
  if (NotAfter === undefined || certifiedUntil === undefined) return { NotAfter: NotAfter ?? certifiedUntil };
  return { NotAfter: Date.parse(NotAfter) < Date.parse(certifiedUntil) ? NotAfter : certifiedUntil };
}

function keyOf(certificate: X509Certificate): Omit<TheirKey, "NotBefore" | "NotAfter"> {
  const { publicKey: key } = certificate;
  return {
    key,
    certifiedUntil: certificate.validTo,
    certificate: { number: certificateNumber(certificate), subject: organisationOf(certificate) },
  };
}

/**
 * The holder of a certificate: its subject without the common name. Merchants' certificates chain to the same roots, so
 * only this tells Alipay's from theirs.
 */
export function organisationOf({ subject }: X509Certificate): string {
  return subject
    .split("\n")
    .filter((line) => !line.startsWith("CN="))
    .join("\n");
}
