import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ROLE } from "@mall/kit/auth";
import { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { systemRuntime } from "@mall/kit/runtime";
import {
  type BrowserSessions,
  createBrowserSessions,
  type EndedSessionList,
  type SessionEnd,
} from "./browser-session.ts";
import { meRoute, post, SECRET, serve, tokenOf } from "./test-server.ts";
import type { IsRevoked } from "./token.ts";

const SESSION_HEADER = "x-mall-session";
const IDLE_MS = 600_000;
/** Of this server's own page, on which somebody is at work. */
const OWN = { [SESSION_HEADER]: "active", "sec-fetch-site": "same-origin" };

/** Those that were signed out of, in a list of the test's own. */
function endedList() {
  const told: SessionEnd[] = [];
  const ended: EndedSessionList = {
    has: (asked) => told.some(({ session }) => session === asked),
    end: async (_call, session) => void told.push(session),
  };
  return { told, ended };
}

interface WorldOptions {
  readonly isRevoked?: IsRevoked;
  readonly untilMs?: number;
  readonly ended?: EndedSessionList;
}

/** Sessions of a user 7 under a clock of the test's own. */
function world(options: WorldOptions = {}) {
  let now = 1_800_000_000_000;
  const runtime = { ...systemRuntime, now: () => now };
  const { ended = endedList().ended } = options;
  const sessions = createBrowserSessions({ secret: SECRET, runtime, idleMs: IDLE_MS, ...options, ended });
  const { untilMs = 86_400_000 } = options;
  const issuedAt = now / 1000;
  const owner = { uid: 7, role: ROLE.staff, issuedAt, until: (now + untilMs) / 1000 };
  return {
    sessions,
    begin: (headers: object = {}) => sessions.begin({ ...OWN, ...headers }, owner),
    pass: (ms: number) => {
      now += ms;
    },
  };
}

/** What a browser sends back of a `Set-Cookie`. */
function kept(setCookie: string | undefined): { cookie: string } {
  return { cookie: setCookie?.split(";")[0] ?? "" };
}

function uidOf(sessions: BrowserSessions, headers: object): number | undefined {
  return sessions.identify({ ...OWN, ...headers })?.identity.uid;
}

const ENDED = { code: "UNAUTHENTICATED", reason: "SESSION_ENDED" };
const CROSS_SITE = { code: "PERMISSION_DENIED", reason: "CROSS_SITE" };

describe("a browser's session", () => {
  test("is a cookie that no script reads and no other site sends", () => {
    const { begin } = world();
    assert.match(begin(), /^mall-session=[^;]+; Path=\/; Max-Age=600; HttpOnly; SameSite=Strict$/);
  });

  test("travels by TLS only, and from this very host, where the browser came by TLS", async () => {
    const { begin, sessions } = world();
    const secure = begin({ origin: "https://mall.example" });
    assert.match(secure, /^__Host-mall-session=.*; Path=\/; .*; Secure$/);
    assert.doesNotMatch(secure, /Domain/);
    assert.equal(uidOf(sessions, kept(secure)), 7);
    const over = await sessions.end(new Call(), { ...OWN, ...kept(secure) });
    assert.match(over, /^__Host-mall-session=; .*Max-Age=0.*; Secure$/);
  });

  test("is nothing without its header, which no form or link of another site can set", async () => {
    const { begin, sessions } = world();
    const cookie = kept(begin());
    assert.equal(sessions.identify({ ...cookie, "sec-fetch-site": "same-origin" }), undefined);
    await assert.rejects(sessions.end(new Call(), cookie), CROSS_SITE);
    assert.throws(() => sessions.demandOwn({}), CROSS_SITE);
  });

  for (const site of ["cross-site", "same-site", "none"])
    test(`is refused to a request from ${site}, whatever header it has`, async () => {
      const { begin, sessions } = world();
      const headers = { ...OWN, ...kept(begin()), "sec-fetch-site": site };
      assert.throws(() => sessions.identify(headers), CROSS_SITE);
      await assert.rejects(sessions.end(new Call(), headers), CROSS_SITE);
      assert.throws(() => sessions.demandOwn(headers), CROSS_SITE);
    });

  test("is refused to another origin where the browser says no more than that", () => {
    const { begin, sessions } = world();
    const headers = { [SESSION_HEADER]: "active", ...kept(begin()), host: "mall.example:8888" };
    assert.equal(sessions.identify({ ...headers, origin: "http://mall.example:8888" })?.identity.uid, 7);
    for (const origin of ["http://mall.example", "http://evil.example:8888", "null"])
      assert.throws(() => sessions.identify({ ...headers, origin }), CROSS_SITE, origin);
  });

  test("ends when nobody has used it for its idle time", () => {
    const { begin, sessions, pass } = world();
    const cookie = kept(begin());
    pass(IDLE_MS - 1000);
    assert.equal(uidOf(sessions, cookie), 7);
    pass(1000);
    assert.throws(() => uidOf(sessions, cookie), ENDED);
  });

  test("goes on while a person uses it, and not for a page that only watches", () => {
    const { begin, sessions, pass } = world();
    const cookie = kept(begin());
    assert.equal(sessions.identify({ ...OWN, ...cookie })?.setCookie, undefined, "it is new");
    pass(IDLE_MS / 2);
    const watching = sessions.identify({ ...OWN, ...cookie, [SESSION_HEADER]: "watching" });
    assert.equal(watching?.setCookie, undefined);
    const renewed = kept(sessions.identify({ ...OWN, ...cookie })?.setCookie);
    pass(IDLE_MS / 2);
    assert.throws(() => uidOf(sessions, cookie), ENDED);
    assert.equal(uidOf(sessions, renewed), 7);
  });

  test("ends with its login, however busy", () => {
    const { begin, sessions, pass } = world({ untilMs: IDLE_MS });
    const cookie = kept(begin());
    pass(IDLE_MS / 2);
    assert.equal(sessions.identify({ ...OWN, ...cookie })?.setCookie, undefined);
    pass(IDLE_MS / 2);
    assert.throws(() => uidOf(sessions, cookie), ENDED);
  });

  test("is over when it is signed out of, also for who kept its cookie, until its login would be over", async () => {
    const { told, ended } = endedList();
    const { begin, sessions } = world({ ended });
    const [cookie, other] = [kept(begin()), kept(begin())];
    assert.match(
      await sessions.end(new Call(), { ...OWN, ...cookie }),
      /^mall-session=; Path=\/; Max-Age=0;/,
    );
    assert.throws(() => uidOf(sessions, cookie), ENDED);
    assert.equal(uidOf(sessions, other), 7);
    assert.deepEqual(
      told.map(({ until }) => until),
      [1_800_000_000 + 86_400],
    );
    await sessions.end(new Call(), { ...OWN, ...cookie });
    assert.equal(told.length, 1, "it had ended");
  });

  test("goes on where nobody could write down that it was signed out of, and may be signed out of again", async () => {
    const { told, ended } = endedList();
    let isAway = true;
    const away = new AppError("UNAVAILABLE", "PEER_UNAVAILABLE", "away");
    const end: EndedSessionList["end"] = (call, session) =>
      isAway ? Promise.reject(away) : ended.end(call, session);
    const { begin, sessions } = world({ ended: { ...ended, end } });
    const headers = { ...OWN, ...kept(begin()) };
    await assert.rejects(sessions.end(new Call(), headers), away);
    assert.equal(uidOf(sessions, headers), 7);
    isAway = false;
    await sessions.end(new Call(), headers);
    assert.throws(() => uidOf(sessions, headers), ENDED);
    assert.equal(told.length, 1);
  });

  test("is over when its user's logins are revoked", () => {
    let notBefore = 0;
    const { begin, sessions } = world({ isRevoked: (uid, issuedAt) => uid === 7 && issuedAt < notBefore });
    const cookie = kept(begin());
    assert.equal(uidOf(sessions, cookie), 7);
    notBefore = Number.MAX_SAFE_INTEGER;
    assert.throws(() => uidOf(sessions, cookie), { reason: "TOKEN_REVOKED" });
  });

  test("is nobody's with a cookie that is changed, or a login in its place", () => {
    const { begin, sessions } = world();
    const { cookie } = kept(begin());
    for (const each of ["", "mall-session=", `${cookie.slice(0, -4)}AAAA`, `mall-session=${tokenOf(7)}`])
      assert.throws(() => uidOf(sessions, { cookie: each }), ENDED, each);
    assert.equal(uidOf(sessions, { cookie: `a=b;${cookie}; c` }), 7);
  });

  test("stands in for a token at a server's routes, where there is no token", async (t) => {
    const { begin, sessions, pass } = world();
    const { url } = await serve(t, { sessions, routes: [meRoute] });
    const headers = { ...OWN, ...kept(begin()) };
    pass(IDLE_MS / 2);
    const answer = await post(`${url}/me`, undefined, headers);
    assert.deepEqual([answer.status, answer.body], [200, { uid: 7 }]);
    assert.match(answer.headers.get("set-cookie") ?? "", /^mall-session=/);
    const both = await post(`${url}/me`, undefined, { ...headers, authorization: `Bearer ${tokenOf(8)}` });
    assert.deepEqual([both.body, both.headers.get("set-cookie")], [{ uid: 8 }, null]);
    const { [SESSION_HEADER]: _, ...form } = headers;
    assert.equal((await post(`${url}/me`, undefined, form)).body.reason, "TOKEN_MISSING");
    const foreign = await post(`${url}/me`, undefined, { ...headers, "sec-fetch-site": "cross-site" });
    assert.deepEqual([foreign.status, foreign.body.reason], [403, "CROSS_SITE"]);
  });

  test("means nothing to a server that has no sessions", async (t) => {
    const { begin } = world();
    const { url } = await serve(t, { routes: [meRoute] });
    const answer = await post(`${url}/me`, undefined, { ...OWN, ...kept(begin()) });
    assert.equal(answer.body.reason, "TOKEN_MISSING");
  });
});
