import type { Call } from "@mall/kit/call";
import type { HttpAnswer, HttpTransport } from "@mall/kit/http";
import type { Runtime } from "@mall/kit/runtime";
import type { AccountKeys } from "./account-keys.ts";
import type { WechatAccount } from "./config.ts";
import { authorization, type WireRequest } from "./sign.ts";

/** How long WeChat Pay may take to answer, milliseconds, where the call leaves that much. */
const TIMEOUT_MS = 5_000;
const NONCE_BYTES = 16;

/** What an account asks, and what with. */
export interface Merchant {
  readonly account: WechatAccount;
  readonly keys: AccountKeys;
  readonly runtime: Runtime;
  readonly http: HttpTransport;
}

/**
 * Signs a request and sends it, once.
 *
 * @param serial the key of WeChat Pay's to be answered with, as it names it; undefined for whichever it takes.
 * @throws AppError as HttpTransport does; FAILED_PRECONDITION KEYS_MISSING.
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

/** 32 hexadecimal digits, drawn anew. */
export function newNonce(runtime: Pick<Runtime, "randomBytes">): string {
  return Buffer.from(runtime.randomBytes(NONCE_BYTES)).toString("hex");
}
