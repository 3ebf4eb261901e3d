import type { Call } from "@mall/kit/call";
import type { HttpAnswer, HttpTransport } from "@mall/kit/http";
import type { Runtime } from "@mall/kit/runtime";
import type { AccountKeys } from "./account-keys.ts";
import type { WechatAccount } from "./config.ts";
import { authorization, type WireRequest } from "./sign.ts";

/** Timeout for WeChat Pay's answer, milliseconds, unless the call has less time left. */
const TIMEOUT_MS = 5_000;
const NONCE_BYTES = 16;

/** Signs and sends an account's requests. */
export interface Merchant {
  readonly account: WechatAccount;
  readonly keys: AccountKeys;
  readonly runtime: Runtime;
  readonly http: HttpTransport;
}

/**
 * Signs a request and sends it, once.
 *
 * @param serial the name of the key that the answer is to be signed with; undefined for any.
 * @throws AppError as HttpTransport; FAILED_PRECONDITION KEYS_MISSING.
 */
export function sendSigned(
  { account, keys, runtime, http }: Merchant,
  call: Pick<Call, "deadline">,
  { request, serial }: { readonly request: WireRequest; readonly serial: string | undefined },
): Promise<HttpAnswer> {
  const now = runtime.now();
  const url = new URL(account.Gateway + request.path);
  const sent = { ...request, path: url.pathname + url.search };
  const signing = { mchId: account.MchId, merchantKey: keys.merchantKey(now), now, nonce: newNonce(runtime) };
  return http.send(
    {
      method: sent.method,
      url: url.href,
      headers: {
        accept: "application/json",
        "user-agent": "mall",
        authorization: authorization(sent, signing),
        ...(serial !== undefined && { "wechatpay-serial": serial }),
        ...(sent.body !== "" && { "content-type": "application/json" }),
      },
      ...(sent.body !== "" && { body: Buffer.from(sent.body) }),
    },
    { timeoutMs: Math.min(TIMEOUT_MS, call.deadline - now) },
  );
}

/** A nonce of 32 random hexadecimal digits. */
export function newNonce(runtime: Pick<Runtime, "randomBytes">): string {
  return Buffer.from(runtime.randomBytes(NONCE_BYTES)).toString("hex");
}
