import { verifiesRsa } from "../core/pem-keys.ts";
import { queryOf, type SimRequest, textOf } from "../core/sim-http.ts";
import type { AlipayAccount } from "./account.ts";

/** A request's parameters, decoded once. */
export type Params = Readonly<Record<string, string>>;

/** From the query and a form body together: SDKs put them into either, and ask by GET or POST. */
export function paramsOf(request: SimRequest): Params {
  const form = request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded") === true;
  const body = new URLSearchParams(form ? textOf(request) : "");
  return Object.fromEntries([...queryOf(request), ...body]);
}

/** What is signed: `name=value` pairs in the order of their names, joined by `&`. */
export function signedText(params: Params, leaveOut: readonly string[]): string {
  return Object.keys(params)
    .filter((name) => !leaveOut.includes(name))
    .sort()
    .map((name) => `${name}=${params[name]}`)
    .join("&");
}

/** Whether an app has signed a request. What came empty is in the text of some SDKs, and not in that of others. */
export function isSignedBy({ appPublicKey }: AlipayAccount, params: Params): boolean {
  const { sign = "", sign_type } = params;
  if (sign_type !== "RSA2") return false;
  const filled = Object.fromEntries(Object.entries(params).filter(([, value]) => value.trim() !== ""));
  return [params, filled].some((some) => verifiesRsa(signedText(some, ["sign"]), sign, appPublicKey));
}
