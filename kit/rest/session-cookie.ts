import type { IncomingHttpHeaders } from "node:http";

const PLAIN = "mall-session";
/** Browsers take a cookie of this prefix only from this very host and by TLS (RFC 6265bis, section 4.1.3.2). */
const SECURE = `__Host-${PLAIN}`;

/** A session's cookie, and whether it is one that only travels by TLS. */
export interface SessionCookie {
  readonly value: string;
  readonly isSecure: boolean;
}

/** As `Set-Cookie` has it. `seconds`: after which the browser forgets it. */
export function sessionCookie({ value, isSecure }: SessionCookie, seconds: number): string {
  const name = isSecure ? SECURE : PLAIN;
  const secure = isSecure ? "; Secure" : "";
  return `${name}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`;
}

/** `Set-Cookie` by which the browser forgets it at once. */
export function clearedCookie(isSecure: boolean): string {
  return sessionCookie({ value: "", isSecure }, 0);
}

/** The session's cookie of a request; the one of TLS before any other. */
export function readSessionCookie({ cookie = "" }: IncomingHttpHeaders): SessionCookie | undefined {
  const pairs = new Map(cookie.split(/; */).map((pair) => splitOnce(pair)));
  for (const [name, isSecure] of [
    [SECURE, true],
    [PLAIN, false],
  ] as const) {
    const value = pairs.get(name);
    if (value !== undefined && value !== "") return { value, isSecure };
  }
  return undefined;
}

function splitOnce(pair: string): [string, string] {
  const at = pair.indexOf("=");
  return at === -1 ? ["", pair] : [pair.slice(0, at), pair.slice(at + 1)];
}
