import assert from "node:assert/strict";
import { test } from "node:test";
import { ROLE } from "@mall/kit/auth";
import type { Attachments } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { Route } from "./route.ts";
import { exchangeRaw, post, SECRET, serve, tokenOf } from "./test-server.ts";
import { signToken } from "./token.ts";

const ANY = { type: "object", additionalProperties: true };

/** Answers with what goes along with the rpc calls of its logic. */
function routeOf(path: string, values: Partial<Route> = {}): Route {
  const handle = async ({ attachments }: { attachments: Attachments | undefined }) => ({ ...attachments });
  return { method: "POST", path, handler: "Test", auth: false, response: ANY, handle, ...values };
}

const ROUTES: readonly Route[] = [
  routeOf("/write"),
  routeOf("/own", { auth: true }),
  routeOf("/read", { repeatable: true }),
  routeOf("/get", { method: "GET" }),
];

function withKey(key: string, more: Record<string, string> = {}): Record<string, string> {
  return { "Idempotency-Key": key, ...more };
}

test("a route that writes takes a key, any printable ASCII of up to 255 characters; one that reads takes none", async (t) => {
  const { url } = await serve(t, { routes: ROUTES });
  for (const key of ["a", "A b,c~!", '"quoted"', "x".repeat(255)]) {
    const { status, body } = await post(`${url}/write`, undefined, withKey(key));
    assert.deepEqual([status, body], [200, { idempotency: { key, owner: "address:127.0.0.1" } }]);
  }
  assert.deepEqual((await post(`${url}/write`, undefined)).body, {});
  assert.deepEqual((await post(`${url}/read`, undefined, withKey("x".repeat(300)))).body, {});
  assert.deepEqual(await (await fetch(`${url}/get`, { headers: withKey("a") })).json(), {});
});

test("a key belongs to whoever the token names, and a gateway's to no account", async (t) => {
  const { url } = await serve(t, { routes: ROUTES });
  const ownerOf = async (token: string): Promise<unknown> => {
    const headers = withKey("k", { authorization: `Bearer ${token}` });
    const { body } = await post(`${url}/own`, undefined, headers);
    return (body as Attachments).idempotency?.owner;
  };
  const now = Math.floor(Date.now() / 1000);
  const gateway = signToken({ secret: SECRET, uid: 4, role: ROLE.gateway, now, expireSeconds: 60 });
  assert.deepEqual([await ownerOf(tokenOf(4)), await ownerOf(gateway)], ["user:4", "gateway:4"]);
});

test("a key that is empty, too long, sent twice or not printable ASCII is refused naming the header", async (t) => {
  const { url } = await serve(t, { routes: ROUTES });
  const rules = new Map<string, string>();
  for (const lines of [
    "idempotency-key:",
    `Idempotency-Key: ${"x".repeat(256)}`,
    "Idempotency-Key: \u00e9",
  ]) {
    rules.set(lines, "must be 1 to 255 printable ASCII characters");
  }
  rules.set("Idempotency-Key: a\r\nIdempotency-Key: a", "must be sent once");
  for (const [lines, rule] of rules) {
    const head = `POST /write HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${lines}\r\n\r\n`;
    const answer = await exchangeRaw(url, Buffer.from(head, "latin1"));
    assert.match(answer, /^HTTP\/1.1 400 /);
    assert.deepEqual(JSON.parse(answer.slice(answer.indexOf("{"))), {
      code: 3,
      msg: `field "Idempotency-Key" ${rule}`,
      reason: "INVALID_FIELD",
      field: "Idempotency-Key",
    });
  }
});

test("a key that was used for another request answers 422", async (t) => {
  const handle = async (): Promise<never> => {
    throw new AppError("FAILED_PRECONDITION", "IDEMPOTENCY_KEY_REUSED", "该幂等键已用于其他请求");
  };
  const { url } = await serve(t, { routes: [routeOf("/write", { handle })] });
  const { status, body } = await post(`${url}/write`, undefined, withKey("a"));
  assert.deepEqual([status, body.code, body.reason], [422, 9, "IDEMPOTENCY_KEY_REUSED"]);
});
