import type { Call } from "@mall/kit/call";
import type { HttpAnswer, HttpRequest, HttpTransport } from "@mall/kit/http";
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
  merchant: Merchant,
  call: Pick<Call, "deadline">,
  { request, serial }: { readonly request: WireRequest; readonly serial: string | undefined },
): Promise<HttpAnswer> {
  const { account, runtime, http } = merchant;
  const timeoutMs = Math.min(TIMEOUT_MS, call.deadline - runtime.now());
  const asked = { gateway: account.Gateway, accept: "application/json", serial };
  return http.send(signedRequest(merchant, request, asked), { timeoutMs });
}

/**
 * A signed request to a server of WeChat Pay's.
 *
 * @throws AppError FAILED_PRECONDITION KEYS_MISSING.
 */
export function signedRequest(
  { account, keys, runtime }: Merchant,
  request: WireRequest,
  asked: { readonly gateway: string; readonly accept: string; readonly serial?: string | undefined },
): HttpRequest {
  const now = runtime.now();
  const { gateway, accept, serial } = asked;
  const url = new URL(gateway + request.path);
  const sent = { ...request, path: url.pathname + url.search };
  const signing = { mchId: account.MchId, merchantKey: keys.merchantKey(now), now, nonce: newNonce(runtime) };
  return {
    method: sent.method,
    url: url.href,
    headers: {
      accept,
      "user-agent": "mall",
      authorization: authorization(sent, signing),
      ...(serial !== undefined && { "wechatpay-serial": serial }),
      ...(sent.body !== "" && { "content-type": "application/json" }),
    },
    ...(sent.body !== "" && { body: Buffer.from(sent.body) }),
  };
}

/** A nonce of 32 random hexadecimal digits. */
export function newNonce(runtime: Pick<Runtime, "randomBytes">): string {
  return Buffer.from(runtime.randomBytes(NONCE_BYTES)).toString("hex");
}
