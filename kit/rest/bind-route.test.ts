import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ROLE } from "@mall/kit/auth";
import { AppError } from "@mall/kit/errors";
import { Breakers, type Shedder } from "@mall/kit/resilience";
import { systemRuntime } from "@mall/kit/runtime";
import { createOverloadedShedder } from "@mall/kit/testing";
import type { Route } from "./route.ts";
import { post, SECRET, serve } from "./test-server.ts";
import { signToken } from "./token.ts";

const EMPTY = { type: "object", additionalProperties: true };

function routeOf(path: string, handle: Route["handle"]): Route {
  return { method: "POST", path, handler: "Test", auth: false, response: EMPTY, handle };
}

function createBreakers(): { breakers: Breakers; refused: string[] } {
  const refused: string[] = [];
  const onRefusal = (kind: string, name: string): void => {
    refused.push(`${kind} ${name}`);
  };
  return { breakers: new Breakers({ runtime: systemRuntime, onRefusal }), refused };
}

/** How many of so many requests reached the route's logic; the others were refused by its breaker. */
async function countServed(url: string, requests: number): Promise<number> {
  let served = 0;
  for (let request = 0; request < requests; request += 1) {
    const { status, headers, body } = await post(url, undefined);
    if (body.reason !== "BREAKER_OPEN") {
      served += 1;
      continue;
    }
    assert.deepEqual(
      [status, headers.get("retry-after"), body.code, body.msg],
      [503, "1", 14, "circuit breaker is open"],
    );
  }
  return served;
}

describe("a route behind a breaker", () => {
  test("that keeps failing is refused, as 503 with the time to come again, while others are served", async (t) => {
    const { breakers, refused } = createBreakers();
    let failed = 0;
    const failing = routeOf("/failing", () => {
      failed += 1;
      return Promise.reject(new AppError("UNAVAILABLE", "DOWN", "down"));
    });
    const { url } = await serve(t, { breakers, routes: [failing, routeOf("/well", async () => ({}))] });
    const served = await countServed(`${url}/failing`, 100);
    assert.ok(served < 50, `${served} of 100 served`);
    assert.equal(failed, served);
    assert.equal(refused.length, 100 - served);
    assert.equal(refused[0], "http POST:///failing");
    assert.equal(await countServed(`${url}/well`, 20), 20);
  });

  test("that refuses its callers, whatever for, is served on", async (t) => {
    const { breakers } = createBreakers();
    const errors = [
      new AppError("INVALID_ARGUMENT", "BAD", "bad"),
      new AppError("RESOURCE_EXHAUSTED", "LOGIN_LIMITED", "limited", { retryAfterSeconds: 7 }),
      new AppError("NOT_FOUND", "NONE", "none"),
    ];
    let request = 0;
    const route = routeOf("/picky", () => Promise.reject(errors[request++ % errors.length]));
    const { url } = await serve(t, { breakers, routes: [route] });
    assert.equal(await countServed(`${url}/picky`, 60), 60);
  });
});

describe("a server that is overloaded", () => {
  test("refuses requests to its routes with 503 and go-zero's text, and tells health checks that it is there", async (t) => {
    const shedder: Shedder = createOverloadedShedder();
    const docs = { openApi: {} };
    const { url } = await serve(t, { shedder, docs, routes: [routeOf("/work", async () => ({}))] });
    const { status, headers, body } = await post(`${url}/work`, undefined);
    assert.deepEqual(
      [status, headers.get("retry-after"), body.code, body.reason, body.msg],
      [503, "1", 8, "SERVICE_OVERLOADED", "service overloaded"],
    );
    assert.equal((await fetch(`${url}/healthz`)).status, 200);
  });
});

describe("the address of a client", () => {
  const address = routeOf("/address", async (call) => ({ address: call.clientAddress }));
  const forwarded = { "x-forwarded-for": "203.0.113.9, 198.51.100.7" };

  test("is that of its connection, whatever its headers say", async (t) => {
    const { url } = await serve(t, { routes: [address] });
    assert.equal((await post(`${url}/address`, undefined, forwarded)).body.address, "127.0.0.1");
  });

  test("is what trusted proxies say, and not what was there before them", async (t) => {
    const { url } = await serve(t, { routes: [address], trustedProxies: ["127.0.0.0/8"] });
    assert.equal((await post(`${url}/address`, undefined, forwarded)).body.address, "198.51.100.7");
    assert.equal((await post(`${url}/address`, undefined)).body.address, "127.0.0.1");
  });

  test("goes along with what staff and admins ask for, and nobody else is named", async (t) => {
    const acting: Route = {
      ...routeOf("/act", async ({ attachments }) => ({ actor: attachments?.actor ?? null })),
      auth: true,
    };
    const { url } = await serve(t, { routes: [acting], trustedProxies: ["127.0.0.0/8"] });
    const now = Math.floor(Date.now() / 1000);
    for (const role of Object.values(ROLE)) {
      const token = signToken({ secret: SECRET, uid: 7, role, now, expireSeconds: 60 });
      const headers = { ...forwarded, authorization: `Bearer ${token}` };
      const { actor } = (await post(`${url}/act`, undefined, headers)).body;
      const isStaff = role === ROLE.staff || role === ROLE.admin;
      assert.deepEqual(actor, isStaff ? { who: "user:7", role, address: "198.51.100.7" } : null);
    }
  });
});
