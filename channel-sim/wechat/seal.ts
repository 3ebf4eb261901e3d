import { createCipheriv } from "node:crypto";
import type { SealFlaw } from "../core/faults.ts";
import { signRsa } from "../core/pem-keys.ts";
import type { SimCore } from "../core/sim-core.ts";
import { platformKeyFor, type WechatAccount } from "./account.ts";

const NONCE_BYTES = 12;
/** How signatures begin that WeChat Pay sends to see whether they are refused. */
const PROBE_SIGNATURE = "WECHATPAY/SIGNTEST/";
const UNKNOWN_SERIAL = "5F00000000000000000000000000000000000001";

/** What of an account signs: answers by the key that the merchant asks for, notifications by that of its mode. */
export interface Signer {
  readonly account: WechatAccount;
  /** `Wechatpay-Serial` of the request. */
  readonly asked?: string | undefined;
}

/** The headers of an answer or a notification. The official Java SDK reads them in no other case. */
export function sealHeaders(
  core: SimCore,
  body: Uint8Array,
  { account, asked }: Signer,
  flaw: SealFlaw | undefined,
): Record<string, string> {
  if (flaw?.flaw === "unsigned") return {};
  const now = core.runtime.now();
  const key = platformKeyFor(account, asked, now);
  const timestamp = String(Math.floor((now + clockOff(flaw)) / 1000));
  const nonce = core.hex(32);
  const text = Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), body, Buffer.from("\n")]);
  const signature = signRsa(text, key.privateKey);
  return {
    "Wechatpay-Timestamp": timestamp,
    "Wechatpay-Nonce": nonce,
    "Wechatpay-Serial": flaw?.flaw === "unknown-serial" ? UNKNOWN_SERIAL : key.id,
    "Wechatpay-Signature":
      flaw?.flaw === "wrong-signature"
        ? PROBE_SIGNATURE + signature.slice(PROBE_SIGNATURE.length)
        : signature,
    "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
  };
}

function clockOff(flaw: SealFlaw | undefined): number {
  if (flaw?.flaw === "clock-old") return -flaw.ms;
  return flaw?.flaw === "clock-ahead" ? flaw.ms : 0;
}

/** What only the merchant can read. */
export interface Encrypted {
  readonly algorithm: "AEAD_AES_256_GCM";
  readonly ciphertext: string;
  readonly associated_data: string;
  readonly nonce: string;
}

/** AES-256-GCM by the APIv3 key; the tag is the ciphertext's end, and the nonce its own UTF-8 text. */
export function encrypt(core: SimCore, text: string, apiV3Key: string, associatedData: string): Encrypted {
  const nonce = core.hex(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", Buffer.from(apiV3Key), Buffer.from(nonce));
  cipher.setAAD(Buffer.from(associatedData));
  const bytes = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  const ciphertext = bytes.toString("base64");
  return { algorithm: "AEAD_AES_256_GCM", ciphertext, associated_data: associatedData, nonce };
}
