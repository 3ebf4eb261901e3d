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

const LOGIN_PATH = "/api/user/login";

const credentials = z.object({ mobile: z.string(), password: z.string() });

/** What the login operation answers. */
interface Login {
  readonly accessToken: string;
  /** Unix second. */
  readonly accessExpire: number;
}

/** A page that people sign in to. All of them share one session: who is signed in at one is at all that take them. */
export interface SessionPlace {
  /** Where its own requests go. */
  readonly path: string;
  /** Begins the names of its routes. */
  readonly name: string;
  /** Told with who is signed in. */
  readonly facts: object;
  /** Why somebody whose mobile number and password are right is not let in; undefined for who is. */
  refusal(identity: Identity): AppError | undefined;
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
 * Sign in (POST), who is signed in (GET) and sign out (DELETE) of a page. Raw routes, as their answers carry
 * cookies; none without the login operation. The login's token stays here.
 */
export function sessionRoutes(place: SessionPlace, options: SessionRoutesOptions): Route[] {
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
    const refusal = place.refusal(identity);
    if (refusal !== undefined) throw refusal;
    const until = answer.accessExpire;
    const setCookie = sessions.begin(request.headers, { ...identity, issuedAt: until - accessExpire, until });
    return withCookie(tell(place, identity, sessions), setCookie);
  };
  return [
    { ...base(place, "POST", "SignIn"), handle: signIn },
    {
      ...base(place, "GET", "Who"),
      handle: async (_call, request: RawRequest) => who(place, request, sessions),
    },
    {
      ...base(place, "DELETE", "SignOut"),
      handle: async (call, request: RawRequest) =>
        withCookie(NOTHING, await sessions.end(call, request.headers)),
    },
  ];
}

/** Nobody is an answer as well: it is what a page asks first. */
function who(place: SessionPlace, { headers }: RawRequest, sessions: BrowserSessions): RawAnswer {
  try {
    const identity = sessions.identify(headers)?.identity;
    if (identity !== undefined && place.refusal(identity) === undefined)
      return tell(place, identity, sessions);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "UNAUTHENTICATED") throw error;
  }
  return { status: 200, contentType: JSON_TYPE, headers: NOT_KEPT, body: "null" };
}

function base(
  { path, name }: SessionPlace,
  method: "POST" | "GET" | "DELETE",
  act: string,
): Omit<Route, "handle"> {
  return { method, path, handler: `${name}${act}`, auth: false, raw: true, repeatable: true };
}

function readCredentials(body: Uint8Array, schema: JsonSchema): z.output<typeof credentials> {
  const { success, data, error } = credentials.safeParse(
    parseStrictJson(new TextDecoder().decode(body), schema),
  );
  if (success) return data;
  throw invalidArgument(String(error.issues[0]?.path[0] ?? "body"), "must be a text");
}

const JSON_TYPE = "application/json; charset=utf-8";
const NOT_KEPT = { "cache-control": "no-store" };
const NOTHING: RawAnswer = { status: 200, contentType: JSON_TYPE, body: "{}" };

function tell({ facts }: SessionPlace, { uid, role }: Identity, { idleMs }: BrowserSessions): RawAnswer {
  return {
    status: 200,
    contentType: JSON_TYPE,
    headers: NOT_KEPT,
    body: JSON.stringify({ uid, role, idleMs, ...facts }),
  };
}

function withCookie(answer: RawAnswer, setCookie: string): RawAnswer {
  return { ...answer, headers: { ...answer.headers, "set-cookie": setCookie } };
}
