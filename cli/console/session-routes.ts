import { ROLE } from "@mall/kit/auth";
import type { Call, Identity } from "@mall/kit/call";
import { AppError, invalidArgument } from "@mall/kit/errors";
import {
  type BrowserSessions,
  createTokenVerifier,
  type JsonSchema,
  parseStrictJson,
  type RawAnswer,
  type RawRequest,
  type Route,
} from "@mall/kit/rest";
import type { Runtime } from "@mall/kit/runtime";
import { z } from "zod";

const PATH = "/api/console/session";
const LOGIN_PATH = "/api/user/login";

const credentials = z.object({ mobile: z.string(), password: z.string() });

/** What the login operation answers. */
interface Login {
  readonly accessToken: string;
  /** Unix second. */
  readonly accessExpire: number;
}

export interface SessionRoutesOptions {
  readonly sessions: BrowserSessions;
  readonly runtime: Runtime;
  /** Of the tokens that the login operation gives. */
  readonly accessSecret: string;
  /** How long those are valid, seconds. */
  readonly accessExpire: number;
  /** All of the gateway, among them the login operation, by which people sign in. */
  readonly routes: readonly Route[];
}

/**
 * Sign in (POST), who is signed in (GET) and sign out (DELETE) of the console. Raw routes, as their answers carry
 * cookies; none without the login operation. The login's token stays here.
 */
export function sessionRoutes(options: SessionRoutesOptions): Route[] {
  const login = options.routes.find(({ path }) => path === LOGIN_PATH);
  if (login === undefined) return [];
  const { sessions, accessExpire } = options;
  const verify = createTokenVerifier({ secret: options.accessSecret, runtime: options.runtime });
  const signIn = async (call: Call, request: RawRequest): Promise<RawAnswer> => {
    // Asked first, so that another site cannot use up anybody's attempts.
    sessions.demandOwn(request.headers);
    const asked = readCredentials(request.body, login.request ?? {});
    const answer = (await login.handle(call, asked as never)) as Login;
    const identity = verify(answer.accessToken);
    demandStaff(identity);
    const until = answer.accessExpire;
    const setCookie = sessions.begin(request.headers, { ...identity, issuedAt: until - accessExpire, until });
    return withCookie(tell(identity, sessions), setCookie);
  };
  return [
    { ...base("POST", "SessionSignIn"), handle: signIn },
    {
      ...base("GET", "SessionWho"),
      handle: async (_call, request: RawRequest) => who(request, sessions),
    },
    {
      ...base("DELETE", "SessionSignOut"),
      handle: async (_call, request: RawRequest) => withCookie(NOTHING, sessions.end(request.headers)),
    },
  ];
}

/** Nobody is an answer as well: it is what a page asks first. */
function who({ headers }: RawRequest, sessions: BrowserSessions): RawAnswer {
  try {
    const used = sessions.identify(headers);
    if (used !== undefined) return tell(used.identity, sessions);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "UNAUTHENTICATED") throw error;
  }
  return { status: 200, contentType: JSON_TYPE, headers: NOT_KEPT, body: "null" };
}

function base(method: "POST" | "GET" | "DELETE", handler: string): Omit<Route, "handle"> {
  return { method, path: PATH, handler, auth: false, raw: true, repeatable: true };
}

function readCredentials(body: Uint8Array, schema: JsonSchema): z.output<typeof credentials> {
  const { success, data, error } = credentials.safeParse(
    parseStrictJson(new TextDecoder().decode(body), schema),
  );
  if (success) return data;
  throw invalidArgument(String(error.issues[0]?.path[0] ?? "body"), "must be a text");
}

/** Told plainly: a customer's password was right, and yet there is nothing here for them. */
function demandStaff({ role }: Identity): void {
  if (role === ROLE.staff || role === ROLE.admin) return;
  throw new AppError("PERMISSION_DENIED", "STAFF_ONLY", "the console is for staff and admins only");
}

const JSON_TYPE = "application/json; charset=utf-8";
const NOT_KEPT = { "cache-control": "no-store" };
const NOTHING: RawAnswer = { status: 200, contentType: JSON_TYPE, body: "{}" };

function tell({ uid, role }: Identity, { idleMs }: BrowserSessions): RawAnswer {
  return {
    status: 200,
    contentType: JSON_TYPE,
    headers: NOT_KEPT,
    body: JSON.stringify({ uid, role, idleMs }),
  };
}

function withCookie(answer: RawAnswer, setCookie: string): RawAnswer {
  return { ...answer, headers: { ...answer.headers, "set-cookie": setCookie } };
}
