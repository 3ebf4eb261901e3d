import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { echoRoute, serve } from "./test-server.ts";

const SHOP = "https://shop.example";

function preflight(url: string, origin: string): Promise<Response> {
  const headers = {
    origin,
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization,content-type,idempotency-key",
  };
  return fetch(url, { method: "OPTIONS", headers });
}

function echo(url: string, origin: string): Promise<Response> {
  const headers = { "content-type": "application/json", origin };
  return fetch(`${url}/echo`, { method: "POST", headers, body: '{"uid":1,"name":"x"}' });
}

function allowed(response: Response): string | null {
  return response.headers.get("access-control-allow-origin");
}

describe("a page of another origin", () => {
  test("may ask, and read what it is answered, where its origin is named", async (t) => {
    const { url } = await serve(t, { corsOrigins: [SHOP, "http://localhost:5173"] });
    for (const origin of [SHOP, "http://localhost:5173"]) {
      const asked = await preflight(`${url}/echo`, origin);
      assert.deepEqual([asked.status, allowed(asked)], [204, origin]);
      assert.match(
        asked.headers.get("access-control-allow-headers") ?? "",
        /authorization.*content-type.*idempotency-key/,
      );
      assert.match(asked.headers.get("access-control-allow-methods") ?? "", /POST/);
      const answer = await echo(url, origin);
      assert.deepEqual([answer.status, allowed(answer), answer.headers.get("vary")], [200, origin, "Origin"]);
      assert.equal(answer.headers.get("access-control-allow-credentials"), null);
      assert.match(answer.headers.get("access-control-expose-headers") ?? "", /retry-after/);
    }
  });

  test("may read refusals too, whoever refuses", async (t) => {
    const { url } = await serve(t, { corsOrigins: [SHOP] });
    const headers = { origin: SHOP, "content-type": "application/json" };
    for (const [path, body, status] of [
      ["/echo", "{}", 400],
      ["/me", "", 401],
      ["/nowhere", "", 404],
    ] as const) {
      const answer = await fetch(url + path, { method: "POST", headers, body });
      assert.deepEqual([answer.status, allowed(answer)], [status, SHOP], path);
    }
  });

  test("is told nothing where it is not named, or nobody is, while programs are served as ever", async (t) => {
    for (const corsOrigins of [[SHOP], []]) {
      const { url } = await serve(t, { corsOrigins });
      for (const origin of [
        "https://other.example",
        "https://shop.example.evil",
        "http://shop.example",
        "null",
      ]) {
        assert.equal(allowed(await preflight(`${url}/echo`, origin)), null, origin);
        const answer = await echo(url, origin);
        assert.deepEqual([answer.status, allowed(answer)], [200, null], origin);
      }
    }
    const { url } = await serve(t, { routes: [echoRoute] });
    assert.equal((await preflight(`${url}/echo`, SHOP)).status, 405);
  });
});
