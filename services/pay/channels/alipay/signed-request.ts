import { chinaTime } from "./china-time.ts";
import type { AlipayAccount } from "./config.ts";
import type { OwnKey } from "./key-ring.ts";
import { type Parameters, SIGN_TYPE, signedText, signText } from "./signature.ts";

/** What is asked of Alipay. */
export interface Asked {
  /** E.g. `alipay.trade.query`. */
  readonly method: string;
  /** `biz_content`; members that are undefined are left out. */
  readonly content: object;
  /** `notify_url` and `return_url`, where the method knows them. */
  readonly urls?: { readonly notify_url?: string; readonly return_url?: string };
}

/**
 * The parameters of a request, with its signature. None is empty, as implementations differ in whether an empty one is
 * signed.
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

/** Parameters as a form, or a query: what a browser, and Java, would send. */
export function formOf(parameters: Iterable<readonly [string, string]>): string {
  return new URLSearchParams([...parameters].map(([name, value]) => [name, value])).toString();
}
