import { chinaTime } from "./china-time.ts";
import type { AlipayAccount } from "./config.ts";
import type { OwnKey } from "./key-ring.ts";
import { type Parameters, SIGN_TYPE, signedText, signText } from "./signature.ts";

/** A request to Alipay. */
export interface Asked {
  /** E.g. `alipay.trade.query`. */
  readonly method: string;
  /** `biz_content`; undefined members are left out. */
  readonly content: object;
  /** `notify_url` and `return_url`, if the method takes them. */
  readonly urls?: { readonly notify_url?: string; readonly return_url?: string };
}

/**
 * The parameters of a request, including its signature. Empty ones are left out, since implementations disagree on
 * whether those are signed.
 */
export function signRequest(
  { AppId }: Pick<AlipayAccount, "AppId">,
  { key, numbers }: OwnKey,
  { method, content, urls }: Asked,
  now: number,
): Parameters {
  const parameters = new Map(
    Object.entries({
      app_id: AppId,
      biz_content: JSON.stringify(content),
      charset: "utf-8",
      method,
      sign_type: SIGN_TYPE,
      timestamp: chinaTime(now),
      version: "1.0",
      ...numbers,
      ...urls,
    }),
  );
  return parameters.set("sign", signText(signedText(parameters), key));
}

/** Parameters encoded as a form or a query, as a browser, or Java, would send them. */
export function formOf(parameters: Iterable<readonly [string, string]>): string {
  return new URLSearchParams([...parameters].map(([name, value]) => [name, value])).toString();
}
