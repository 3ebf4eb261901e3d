import type { SealFlaw } from "../core/faults.ts";
import { signRsa } from "../core/pem-keys.ts";
import type { SimAnswer } from "../core/sim-http.ts";
import type { AlipayAccount } from "./account.ts";
import type { Said } from "./said.ts";

const UNKNOWN_SN = "00000000000000000000000000000000";

/**
 * An answer as the gateway writes it: the node, `sign`, `alipay_cert_sn`, in the one order that all SDKs take. What is
 * signed is the node's text as it is sent, slashes escaped as the real one escapes them. Unsigned without an account.
 */
export function sealAnswer({ node, body }: Said, account?: AlipayAccount, flaw?: SealFlaw): SimAnswer {
  const text = JSON.stringify(body).replaceAll("/", "\\/");
  const parts = [`"${node}":${text}`];
  if (account !== undefined && flaw?.flaw !== "unsigned") {
    const sign = signRsa(text, account.alipayPrivateKey);
    parts.push(`"sign":"${flaw?.flaw === "wrong-signature" ? `AAAA${sign.slice(4)}` : sign}"`);
    const sn = flaw?.flaw === "unknown-serial" ? UNKNOWN_SN : account.certificates?.alipaySn;
    if (account.certificates !== undefined) parts.push(`"alipay_cert_sn":"${sn}"`);
  }
  const headers = { "Content-Type": "application/json;charset=utf-8" };
  return { status: 200, headers, body: Buffer.from(`{${parts.join(",")}}`) };
}
