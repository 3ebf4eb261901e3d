import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AppError } from "@mall/kit/errors";
import type { RawRequest, Route } from "./route.ts";
import { exchangeRaw, serve } from "./test-server.ts";

const BYTES_MAX = 64 * 1024;

/** Answers with what it was given. */
const rawRoute: Route = {
  method: "POST",
  path: "/notify/:channel",
  handler: "Notify",
  auth: false,
  raw: true,
  handle: async (_call, { headers, params, body }: RawRequest) => {
    if (params.channel === "broken") throw new Error("broken");
    if (params.channel === "unknown") throw new AppError("NOT_FOUND", "CHANNEL_UNKNOWN", "no such channel");
    return {
      status: headers["x-status"] === undefined ? 200 : Number(headers["x-status"]),
      contentType: "text/plain; charset=utf-8",
      headers: { "x-channel": params.channel ?? "", "x-sign": headers["x-sign"] ?? "" },
      body,
    };
  },
};

const pageRoute: Route = {
  method: "GET",
  path: "/page",
  handler: "Page",
  auth: false,
  raw: true,
  handle: async (_call, { body }: RawRequest) => ({
    status: 200,
    contentType: "text/html; charset=utf-8",
    body: `<p>${body.length}</p>`,
  }),
};

const options = { routes: [rawRoute, pageRoute], bodyBytesMax: BYTES_MAX };

describe("a raw route", () => {
  it("takes and gives bytes as they are, of any type or none", async (t) => {
    const { url } = await serve(t, options);
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    for (const type of ["application/json", "application/x-www-form-urlencoded", "x/y", undefined]) {
      const headers = { "x-sign": "t=1,v1=a", ...(type === undefined ? {} : { "content-type": type }) };
      const answer = await fetch(`${url}/notify/a%2Fb`, { method: "POST", headers, body: bytes });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get("content-type"), "text/plain; charset=utf-8");
      assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
      assert.deepEqual([answer.headers.get("x-channel"), answer.headers.get("x-sign")], ["a/b", "t=1,v1=a"]);
      assert.deepEqual(new Uint8Array(await answer.arrayBuffer()), bytes);
    }
  });

  it("does not inflate what is sent as gzip: a signature is over the bytes", async (t) => {
    const { url } = await serve(t, options);
    const answer = await fetch(`${url}/notify/a`, {
      method: "POST",
      headers: { "content-encoding": "gzip" },
      body: "not gzip",
    });
    assert.deepEqual([answer.status, await answer.text()], [200, "not gzip"]);
  });

  it("joins headers that come more than once, and takes a request without a body", async (t) => {
    const { url } = await serve(t, options);
    const head = "POST /notify/a HTTP/1.1\r\nHost: a\r\nX-Sign: one\r\nX-Sign: two\r\nConnection: close\r\n";
    const answer = await exchangeRaw(url, `${head}Content-Length: 0\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 200 .*x-sign: one, two.*\r\n\r\n$/s);
  });

  it("answers with the status that its logic gives", async (t) => {
    const { url } = await serve(t, options);
    const answer = await fetch(`${url}/notify/a`, {
      method: "POST",
      headers: { "x-status": "401" },
      body: "x",
    });
    assert.equal(answer.status, 401);
    assert.equal(answer.headers.get("www-authenticate"), null);
  });

  it("answers 413 to a body over the limit, announced or not", async (t) => {
    const { url } = await serve(t, options);
    const body = new Uint8Array(BYTES_MAX + 1);
    const announced = await fetch(`${url}/notify/a`, { method: "POST", body });
    assert.equal(announced.status, 413);
    const stream = new Blob([body]).stream();
    const chunked = await fetch(`${url}/notify/a`, {
      method: "POST",
      body: stream,
      duplex: "half",
    } as RequestInit);
    assert.equal(chunked.status, 413);
    assert.equal((await fetch(`${url}/notify/a`, { method: "POST", body: body.subarray(1) })).status, 200);
  });

  it("answers errors and wrong methods as every route does", async (t) => {
    const { url } = await serve(t, options);
    const unknown = await fetch(`${url}/notify/unknown`, { method: "POST", body: "x" });
    assert.deepEqual(
      [unknown.status, await unknown.json()],
      [404, { code: 5, msg: "no such channel", reason: "CHANNEL_UNKNOWN" }],
    );
    assert.equal((await fetch(`${url}/notify/broken`, { method: "POST", body: "x" })).status, 500);
    const wrong = await fetch(`${url}/notify/a`);
    assert.deepEqual([wrong.status, wrong.headers.get("allow")], [405, "POST"]);
    assert.equal((await fetch(`${url}/notify`, { method: "POST", body: "x" })).status, 404);
  });

  it("may be a page", async (t) => {
    const { url } = await serve(t, options);
    const answer = await fetch(`${url}/page`);
    assert.equal(answer.headers.get("content-type"), "text/html; charset=utf-8");
    assert.equal(await answer.text(), "<p>0</p>");
  });
});
