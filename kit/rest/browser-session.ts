import type { IncomingHttpHeaders } from "node:http";
import type { Call, Identity } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { Runtime } from "@mall/kit/runtime";
import { createLinkTokens } from "./link-token.ts";
import { demandOwnPage } from "./own-page.ts";
import { clearedCookie, readSessionCookie, type SessionCookie, sessionCookie } from "./session-cookie.ts";
import type { IsRevoked } from "./token.ts";

/**
 * Only with this header is a cookie looked at. A form or link of another site cannot set it, and a script of one would
 * have to ask first (CORS), which nothing here allows it. Its value says whether a person is at work (`active`) or a
 * page only watches (`watching`), which does not keep a session from its idle end.
 */
const SESSION_HEADER = "x-mall-session";

const ACTIVE = "active";
/** A session is written anew after this part of its idle time, so that not every answer brings a cookie. */
const RENEWED_PARTS = 20;

/** Who signed in, and for how long at most. */
export interface SessionOwner extends Identity {
  /** When the login was asked for, Unix seconds: what decides whether it is revoked. */
  readonly issuedAt: number;
  /** Unix seconds: the end, however busy. */
  readonly until: number;
}

/** A session that is signed out of. */
export interface SessionEnd {
  readonly session: string;
  /** Unix second after which its cookies would be refused anyway. */
  readonly until: number;
}

/** The sessions that were signed out of, known for as long as their cookies could be taken. */
export interface EndedSessionList {
  has(session: string): boolean;
  /** Resolves once no restart and no other process takes it, or will not within seconds. Rejects where nobody knows. */
  end(call: Call, session: SessionEnd): Promise<void>;
}

/** Whose request it is, and the `Set-Cookie` that its answer brings where the session goes on for longer by it. */
export interface SessionUse {
  readonly identity: Identity;
  readonly setCookie: string | undefined;
}

/** Sessions of browsers: who signed in, signed, in a cookie that no script can read. */
export interface BrowserSessions {
  /** How long one lasts of which nobody makes use, milliseconds. */
  readonly idleMs: number;
  /**
   * Lets only requests of this server's own pages pass, before they are looked at.
   *
   * @throws AppError PERMISSION_DENIED CROSS_SITE.
   */
  demandOwn(headers: IncomingHttpHeaders): void;
  /** The `Set-Cookie` of a new session. */
  begin(headers: IncomingHttpHeaders, owner: SessionOwner): string;
  /**
   * Whose request it is; undefined for one without the session header, whatever its cookies are.
   *
   * @throws AppError PERMISSION_DENIED CROSS_SITE; UNAUTHENTICATED SESSION_ENDED, or TOKEN_REVOKED.
   */
  identify(headers: IncomingHttpHeaders): SessionUse | undefined;
  /**
   * The `Set-Cookie` that takes the session away, once that is over for good.
   *
   * @throws AppError as `demandOwn`; as the list of ended sessions, and the session goes on.
   */
  end(call: Call, headers: IncomingHttpHeaders): Promise<string>;
}

interface Claims extends SessionOwner {
  readonly session: string;
  readonly idleEnd: number;
}

/** Sessions that last `idleMs` after the last act of a person, and no longer than the login. */
export function createBrowserSessions(options: {
  /** What logins are signed with; the key is derived from it. */
  readonly secret: string;
  readonly runtime: Runtime;
  readonly idleMs: number;
  readonly ended: EndedSessionList;
  readonly isRevoked?: IsRevoked | undefined;
}): BrowserSessions {
  const { secret, runtime, idleMs, ended, isRevoked } = options;
  const tokens = createLinkTokens({ secret, purpose: "session", runtime });
  const nowSeconds = (): number => Math.floor(runtime.now() / 1000);

  const write = (claims: Omit<Claims, "idleEnd">, isSecure: boolean): string => {
    const idleEnd = Math.min(claims.until, nowSeconds() + Math.ceil(idleMs / 1000));
    const { uid, role, issuedAt, until, session } = claims;
    const value = tokens.sign({ uid, role, issuedAt, until, session }, idleEnd);
    return sessionCookie({ value, isSecure }, idleEnd - nowSeconds());
  };
  const read = ({ value }: SessionCookie): Claims => {
    try {
      // What is signed with this key was written above.
      const claims = tokens.read(value) as unknown as Omit<Claims, "idleEnd"> & { readonly exp: number };
      if (!ended.has(claims.session)) return { ...claims, idleEnd: claims.exp };
    } catch (cause) {
      throw sessionEnded(cause);
    }
    throw sessionEnded();
  };
  return {
    idleMs,
    demandOwn: demandSession,
    begin: (headers, owner) => {
      const session = Buffer.from(runtime.randomBytes(16)).toString("base64url");
      // Only the browser knows whether there is TLS in front.
      return write({ ...owner, session }, headers.origin?.startsWith("https:") === true);
    },
    identify: (headers) => {
      if (headers[SESSION_HEADER] === undefined) return undefined;
      demandOwnPage(headers);
      const cookie = readSessionCookie(headers);
      if (cookie === undefined) throw sessionEnded();
      const claims = read(cookie);
      const { uid, role } = claims;
      if (isRevoked?.(uid, claims.issuedAt)) throw revoked();
      const left = claims.idleEnd - nowSeconds();
      const isDue = left * 1000 < idleMs - idleMs / RENEWED_PARTS && claims.idleEnd < claims.until;
      const isRenewed = headers[SESSION_HEADER] === ACTIVE && isDue;
      return { identity: { uid, role }, setCookie: isRenewed ? write(claims, cookie.isSecure) : undefined };
    },
    end: async (call, headers) => {
      demandSession(headers);
      const cookie = readSessionCookie(headers);
      if (cookie === undefined) return clearedCookie(false);
      const claims = ifAny(() => read(cookie));
      if (claims !== undefined) await ended.end(call, { session: claims.session, until: claims.until });
      return clearedCookie(cookie.isSecure);
    },
  };
}

/** What a cookie says; undefined for one of a session that has ended. */
function ifAny<T>(readIt: () => T): T | undefined {
  try {
    return readIt();
  } catch {
    return undefined;
  }
}

/** Also before there is a session: nobody is to be signed in as somebody else by another site. */
function demandSession(headers: IncomingHttpHeaders): void {
  if (headers[SESSION_HEADER] === undefined)
    throw new AppError("PERMISSION_DENIED", "CROSS_SITE", `the header ${SESSION_HEADER} is needed`);
  demandOwnPage(headers);
}

function sessionEnded(cause?: unknown): AppError {
  return new AppError("UNAUTHENTICATED", "SESSION_ENDED", "the session has ended: sign in again", { cause });
}

function revoked(): AppError {
  return new AppError("UNAUTHENTICATED", "TOKEN_REVOKED", "the session is revoked: sign in again");
}
