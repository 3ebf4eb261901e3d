import { createHmac } from "node:crypto";
import { AppError } from "@mall/kit/errors";
import type { Runtime } from "@mall/kit/runtime";
import { createSigner, createVerifier } from "fast-jwt";

/** What a link says beside its end. */
type Claims = Readonly<Record<string, string | number>>;

/** Signs what a link says, so that whoever holds it needs no login; readable for them, not to be altered. */
export interface LinkTokens {
  /** @param expireTime Until when it is taken, Unix seconds. */
  sign(claims: Claims, expireTime: number): string;
  /**
   * What a link that was signed here says.
   *
   * @throws AppError UNAUTHENTICATED LINK_INVALID or LINK_EXPIRED.
   */
  read(token: string): Readonly<Record<string, unknown>>;
}

/**
 * Links of one purpose (`cashier`). They are JSON Web Tokens (RFC 7519) under HS256 with a key of their own, so that
 * none is taken for a login or for a link of another purpose, nor a login for a link.
 */
export function createLinkTokens(options: {
  /** What logins are signed with; the key is derived from it. */
  readonly secret: string;
  readonly purpose: string;
  readonly runtime: Runtime;
}): LinkTokens {
  const { secret, purpose, runtime } = options;
  const key = createHmac("sha256", secret).update(`link ${purpose}`).digest();
  const sign = createSigner({ key, algorithm: "HS256", noTimestamp: true });
  // fast-jwt reads the system's clock, so the end is checked here, with the runtime's.
  const verify = createVerifier({ key, algorithms: ["HS256"], ignoreExpiration: true });
  return {
    sign: (claims, expireTime) => sign({ ...claims, exp: expireTime }),
    read: (token) => {
      const claims = verified(() => verify(token));
      if (typeof claims.exp !== "number") throw invalid();
      if (claims.exp * 1000 <= runtime.now())
        throw new AppError("UNAUTHENTICATED", "LINK_EXPIRED", "the link has expired: ask for another one");
      return claims;
    },
  };
}

function verified(verify: () => unknown): Readonly<Record<string, unknown>> {
  try {
    return { ...Object(verify()) };
  } catch (cause) {
    throw invalid(cause);
  }
}

function invalid(cause?: unknown): AppError {
  return new AppError("UNAUTHENTICATED", "LINK_INVALID", "the link is not valid", { cause });
}
