/** A key that WeChat Pay signs with: of a platform certificate, or the one of the public-key mode. */
export interface PlatformKey {
  /** The certificate's serial number, upper-case hexadecimal, or `PUB_KEY_ID_…`. */
  readonly id: string;
  /** PEM. */
  readonly privateKey: string;
  /** PEM; absent in public-key mode. */
  readonly certificate?: string | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly effectiveAt: number;
  readonly expireAt: number;
}

/** What a merchant signs with: the serial number of its API certificate, and the public key as PEM. */
export interface MerchantKey {
  readonly serial: string;
  readonly publicKey: string;
}

/** A merchant as WeChat Pay knows it. */
export interface WechatAccount {
  readonly mchid: string;
  /** Apps that are bound to the merchant. */
  readonly appids: readonly string[];
  /** 32 characters. */
  readonly apiV3Key: string;
  /** The serial number of the merchant's API certificate, and its public key as PEM (of a certificate, or bare). */
  readonly merchantSerial: string;
  readonly merchantPublicKey: string;
  /** Further ones, while the merchant replaces its certificate. */
  readonly otherMerchantKeys?: readonly MerchantKey[];
  /** What answers and notifications are signed with where the merchant does not ask for another key. */
  readonly mode: "certificate" | "public-key";
  readonly platformKeys: readonly PlatformKey[];
}

/** All keys that the merchant may sign with. */
export function merchantKeysOf(account: WechatAccount): readonly MerchantKey[] {
  const { merchantSerial: serial, merchantPublicKey: publicKey, otherMerchantKeys = [] } = account;
  return [{ serial, publicKey }, ...otherMerchantKeys];
}

/** Serial numbers are compared as numbers: SDKs write them with and without leading zeros, in either case. */
export function sameSerial(one: string, other: string): boolean {
  return bareSerial(one) === bareSerial(other);
}

function bareSerial(serial: string): string {
  return serial.startsWith("PUB_KEY_ID_") ? serial : serial.replace(/^0+/, "").toUpperCase();
}

/** The key that a merchant asks for by number, else that of its mode; of several certificates the latest. */
export function platformKeyFor(account: WechatAccount, asked: string | undefined, now: number): PlatformKey {
  const valid = account.platformKeys.filter(
    ({ effectiveAt, expireAt }) => effectiveAt <= now && now < expireAt,
  );
  const wanted = valid.find(({ id }) => asked !== undefined && sameSerial(id, asked));
  const ofMode = valid
    .filter(({ certificate }) => (certificate !== undefined) === (account.mode === "certificate"))
    .sort((left, right) => right.effectiveAt - left.effectiveAt);
  const key = wanted ?? ofMode[0];
  if (key === undefined)
    throw new Error(`merchant ${account.mchid} has no platform key of its mode that is valid`);
  return key;
}
