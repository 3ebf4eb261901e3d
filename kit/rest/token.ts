import { ROLE } from "@mall/kit/auth";
import type { Identity } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { Runtime } from "@mall/kit/runtime";
import { createSigner, createVerifier } from "fast-jwt";
import { LRUCache } from "lru-cache";

const SECRET_BYTES_MIN = 8;
const TOKEN_LENGTH_MAX = 4096;
const VERIFIED_MAX = 10_000;
/** How far the clock of whoever made a token may be ahead of this one's, seconds. */
const AHEAD_SECONDS = 5;
const ROLE_MAX = 3;

export interface SignTokenOptions {
  /** At least 8 bytes; `Auth.AccessSecret` in the configuration. */
  readonly secret: string;
  readonly uid: number;
  /** One of ROLE; 0 is left out of the token, as a token of go-zero-mall has no role. */
  readonly role: number;
  /** Unix seconds. */
  readonly now: number;
  readonly expireSeconds: number;
}

/** Makes the HS256 token that go-zero-mall's user api makes: claims `exp`, `iat`, `uid` in this order. */
export function signToken(options: SignTokenOptions): string {
  const { secret, uid, role, now, expireSeconds } = options;
  checkSecret(secret);
  const sign = createSigner({ key: secret, algorithm: "HS256" });
  const claims = { exp: now + expireSeconds, iat: now, uid };
  return sign(role === 0 ? claims : { ...claims, role });
}

/** Whether a user's token that was made in a Unix second is refused by now. */
export type IsRevoked = (uid: number, issuedAt: number) => boolean;

/** Turns an `Authorization` header into who calls; throws AppError UNAUTHENTICATED. */
export type TokenVerifier = (authorization: string | undefined) => Identity;

export interface TokenVerifierOptions {
  /** At least 8 bytes. */
  readonly secret: string;
  readonly runtime: Runtime;
  /** No token is by default. */
  readonly isRevoked?: IsRevoked | undefined;
}

/** The claims that decide; each time is in Unix seconds. */
interface Claims {
  readonly identity: Identity;
  readonly exp: number;
  readonly notBefore: number;
  /** 0 for a token that does not say. */
  readonly issuedAt: number;
}

/**
 * Verifies tokens as go-zero does: the scheme `Bearer` in any case or a bare token, HS256/384/512, `exp`
 * without leeway, `iat` and `nbf` with a few seconds, by which the clocks of two machines differ. Verified tokens are remembered; their times, and whether they
 * are revoked, are checked on every request. A payment gateway's is nobody's, and not revoked with anybody's.
 *
 * @throws Error at once when the secret is shorter than 8 bytes.
 */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const { secret, runtime, isRevoked } = options;
  checkSecret(secret);
  // fast-jwt reads the system's clock, so the times are checked here, with the runtime's.
  const verifySignature = createVerifier({
    key: secret,
    algorithms: ["HS256", "HS384", "HS512"],
    ignoreExpiration: true,
    ignoreNotBefore: true,
  });
  let verified: LRUCache<string, Claims> | undefined;
  return (authorization) => {
    if (authorization === undefined || authorization === "")
      throw unauthenticated("TOKEN_MISSING", "a token is needed");
    if (authorization.length > TOKEN_LENGTH_MAX) throw invalidToken();
    // Takes its room at once, which a process that sees no token needs not.
    verified ??= new LRUCache({ max: VERIFIED_MAX });
    let claims = verified.get(authorization);
    if (claims === undefined) {
      claims = readClaims(verifySignature, authorization);
      verified.set(authorization, claims);
    }
    checkTimes(claims, Math.floor(runtime.now() / 1000));
    const { uid, role } = claims.identity;
    if (role !== ROLE.gateway && isRevoked?.(uid, claims.issuedAt)) {
      throw unauthenticated("TOKEN_REVOKED", "the token is revoked: log in again");
    }
    return claims.identity;
  };
}

function checkSecret(secret: string): void {
  if (Buffer.byteLength(secret) >= SECRET_BYTES_MIN) return;
  throw new Error(`AccessSecret must have at least ${SECRET_BYTES_MIN} bytes`);
}

function readClaims(verifySignature: (token: string) => unknown, authorization: string): Claims {
  let payload: unknown;
  try {
    payload = verifySignature(stripScheme(authorization));
  } catch (cause) {
    throw invalidToken(cause);
  }
  if (typeof payload !== "object" || payload === null) throw invalidToken();
  const { uid, role = 0, exp, iat, nbf } = payload as Record<string, unknown>;
  if (!isIntegerBetween(role, 0, ROLE_MAX)) throw invalidToken();
  // A payment gateway is nobody's account.
  const uidMin = role === ROLE.gateway ? 0 : 1;
  if (!isIntegerBetween(uid, uidMin, Number.MAX_SAFE_INTEGER)) throw invalidToken();
  const issuedAt = timeClaim(iat, 0);
  return {
    identity: { uid, role },
    exp: timeClaim(exp, Number.POSITIVE_INFINITY),
    notBefore: Math.max(issuedAt, timeClaim(nbf, 0)),
    issuedAt,
  };
}

function stripScheme(authorization: string): string {
  return authorization.slice(0, 7).toLowerCase() === "bearer " ? authorization.slice(7) : authorization;
}

function isIntegerBetween(value: unknown, min: number, max: number): value is number {
  return Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max;
}

/** A claim that is there must be a number: golang-jwt refuses `"exp":"1700000000"`. */
function timeClaim(value: unknown, absent: number): number {
  if (value === undefined) return absent;
  if (typeof value !== "number") throw invalidToken();
  return Math.trunc(value);
}

function checkTimes(claims: Claims, now: number): void {
  if (now >= claims.exp) throw unauthenticated("TOKEN_EXPIRED", "the token is expired");
  if (now + AHEAD_SECONDS < claims.notBefore)
    throw unauthenticated("TOKEN_NOT_YET_VALID", "the token is not valid yet");
}

function invalidToken(cause?: unknown): AppError {
  return unauthenticated("TOKEN_INVALID", "the token is not valid", cause);
}

function unauthenticated(reason: string, message: string, cause?: unknown): AppError {
  return new AppError("UNAUTHENTICATED", reason, message, { cause });
}
