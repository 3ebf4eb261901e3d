import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import type { Call } from "@mall/kit/call";
import { AppError, invalidArgument } from "@mall/kit/errors";
import { type Logger, silentLogger } from "@mall/kit/log";
import fc from "fast-check";
import type { Route } from "./route.ts";
import { createRestServer } from "./server.ts";
import { echoRoute, exchangeRaw, meRoute, openSocket, post, SECRET, serve } from "./test-server.ts";

const bare: Route = {
  method: "POST",
  path: "/bare",
  handler: "Bare",
  auth: false,
  handle: async () => undefined,
};

function failing(error: unknown): Route {
  return { ...bare, path: "/fail", handle: () => Promise.reject(error) };
}

/** Logic that says when it began and goes on until it is let go. */
function blocking(): { route: Route; began: Promise<Call>; release: () => void } {
  const begin = Promise.withResolvers<Call>();
  const end = Promise.withResolvers<void>();
  const handle = async (call: Call): Promise<void> => {
    begin.resolve(call);
    await end.promise;
  };
  return { route: { ...bare, path: "/block", handle }, began: begin.promise, release: () => end.resolve() };
}

describe("routing", () => {
  test("an unknown path is 404, a known one with another method 405 with Allow, each as JSON", async (t) => {
    const { url } = await serve(t, { routes: [bare, { ...bare, method: "GET", path: "/item/:id" }] });
    const unknown = await post(`${url}/nothing`, "{broken");
    assert.equal(unknown.status, 404);
    assert.deepEqual(unknown.body, { code: 5, msg: "no such route", reason: "ROUTE_NOT_FOUND" });
    for (const method of ["GET", "OPTIONS", "PUT", "HEAD", "PROPFIND"]) {
      const answer = await fetch(`${url}/bare/?x`, { method });
      assert.equal(answer.status, 405, method);
      assert.equal(answer.headers.get("allow"), "POST");
    }
    const head = await fetch(`${url}/item/7`, { method: "HEAD" });
    assert.deepEqual([head.status, head.headers.get("allow")], [405, "GET"]);
  });

  test("a method or a body type that is strange changes nothing about that", async (t) => {
    const { url } = await serve(t, { routes: [bare] });
    for (const head of ["QUERY %s", "QUERY %s\nContent-Type: text/plain", "PUT %s\nContent-Type: none"]) {
      for (const [path, status] of [
        ["/bare", 405],
        ["/nothing", 404],
      ]) {
        const [line = "", ...headers] = head.replace("%s", `${path} HTTP/1.1`).split("\n");
        const lines = [line, "Host: a", "Connection: close", "Content-Length: 1", ...headers, "", "x"];
        const answer = await exchangeRaw(url, lines.join("\r\n"));
        assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `), `${head} ${path}`);
        assert.equal(answer.includes("allow: POST"), status === 405, `${head} ${path}`);
      }
    }
  });

  test("slashes that Go would clean away do not matter, nor does any query", async (t) => {
    const { url } = await serve(t, { routes: [bare] });
    for (const target of ["/bare/", "//bare", "/x/../bare", "/bare?a=%zz;&&", "/bare/?"]) {
      const answer = await exchangeRaw(
        url,
        `POST ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
      );
      assert.match(answer, /^HTTP\/1.1 200 /, target);
    }
    assert.equal((await post(`${url}/Bare`, "")).status, 404);
  });

  test("a bad percent escape in the path is 400", async (t) => {
    const { url } = await serve(t, { routes: [bare] });
    assert.equal((await post(`${url}/%zz`, "")).status, 400);
  });
});

describe("an answer", () => {
  test("without a response schema is 200 and empty", async (t) => {
    const { url } = await serve(t, { routes: [bare] });
    const response = await fetch(`${url}/bare`, { method: "POST" });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), null);
    assert.equal(await response.text(), "");
  });

  test("to an AppError is its code, text, reason and field", async (t) => {
    const { url } = await serve(t, { routes: [failing(invalidArgument("mobile", "is odd"))] });
    const answer = await post(`${url}/fail`, "");
    assert.equal(answer.status, 400);
    assert.deepEqual(answer.body, {
      code: 3,
      msg: 'field "mobile" is odd',
      reason: "INVALID_FIELD",
      field: "mobile",
    });
  });

  test("to an unknown failure tells nothing; the log has the cause", async (t) => {
    const lines: object[] = [];
    const log: Logger = { ...silentLogger, error: (fields) => lines.push(fields) };
    const cause = Object.assign(new Error("SELECT secret"), { statusCode: 400 });
    const { url } = await serve(t, { routes: [failing(cause)], log });
    const answer = await post(`${url}/fail`, "");
    assert.equal(answer.status, 500);
    assert.deepEqual(answer.body, { code: 13, msg: "internal error", reason: "INTERNAL" });
    assert.match(String(lines.map((line) => Object.values(line).join(" "))), /SELECT secret/);
  });

  test("that does not fit the response schema is 500, never a hanging request", async (t) => {
    const response = { type: "object", required: ["id"], properties: { id: { type: "integer" } } };
    for (const value of [undefined, null, {}, { id: "x" }]) {
      const { url } = await serve(t, { routes: [{ ...bare, response, handle: async () => value }] });
      assert.equal((await post(`${url}/bare`, "")).status, 500, JSON.stringify(value));
    }
  });

  test("that takes longer than the timeout is 504", async (t) => {
    const { route } = blocking();
    const { url } = await serve(t, { routes: [route], timeoutMs: 20 });
    const answer = await post(`${url}/block`, "");
    assert.deepEqual([answer.status, answer.body.reason], [504, "DEADLINE_EXCEEDED"]);
  });
});

describe("a client", () => {
  test("that goes away ends the call of its request", { timeout: 5000 }, async (t) => {
    const { route, began } = blocking();
    const { url } = await serve(t, { routes: [route], timeoutMs: 0 });
    const socket = openSocket(url);
    socket.write("POST /block HTTP/1.1\r\nHost: a\r\n\r\n");
    const call = await began;
    socket.destroy();
    const error = await new Promise<AppError>((resolve) => call.onDone(resolve));
    assert.equal(error.code, "CANCELLED");
  });

  test("that sends slowly neither blocks others nor stays: it gets 408", async (t) => {
    const { url } = await serve(t, { receiveTimeoutMs: 200 });
    const slow = exchangeRaw(
      url,
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{",
    );
    assert.equal((await post(`${url}/echo`, '{"uid":1,"name":"a"}')).status, 200);
    assert.match(await slow, /^HTTP\/1.1 408 .*"reason":"REQUEST_TIMEOUT"/s);
    assert.match(await exchangeRaw(url, "POST /echo HTT"), /^HTTP\/1.1 408 /);
  });

  test("that does not speak HTTP gets a 4xx as JSON and the connection is closed", async (t) => {
    const { url } = await serve(t);
    const cases = [
      ["hello\r\n\r\n", 400],
      ["POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", 400],
      ["POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400],
      ["POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400],
      [`GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(20_000)}\r\n\r\n`, 431],
      [`GET /${"x".repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 431],
    ] as const;
    for (const [bytes, status] of cases) {
      const answer = await exchangeRaw(url, bytes);
      assert.match(answer, new RegExp(`^HTTP/1.1 ${status} .*"code":3,`, "s"), bytes.slice(0, 60));
    }
  });

  test("whatever it sends is never answered with 5xx nor left waiting", { timeout: 60_000 }, async (t) => {
    const { url } = await serve(t, { receiveTimeoutMs: 2000 });
    const header = fc.tuple(
      fc.constantFrom(
        "content-type",
        "authorization",
        "content-encoding",
        "accept-version",
        "x",
        "expect",
        "upgrade",
      ),
      fc.oneof(fc.constantFrom("application/json", "gzip", "100-continue", "Bearer a.b.c"), fc.string()),
    );
    const body = fc.oneof(
      fc.json().map((text) => Buffer.from(text)),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    );
    const path = fc.oneof(fc.constantFrom("/echo", "/me", "/"), fc.string());
    const method = fc.constantFrom("POST", "GET", "PUT", "OPTIONS", "QUERY", "CONNECT", "get");
    await fc.assert(
      fc.asyncProperty(
        method,
        path,
        fc.array(header, { maxLength: 3 }),
        body,
        async (verb, target, headers, bytes) => {
          const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
          const head = `${verb} ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${lines}Content-Length: ${bytes.length}\r\n\r\n`;
          const answer = await exchangeRaw(url, Buffer.concat([Buffer.from(head), bytes]));
          assert.match(answer, /^(HTTP\/1.1 [1-4]|$)/);
        },
      ),
      { numRuns: 300 },
    );
    assert.equal((await post(`${url}/echo`, '{"uid":1,"name":"a"}')).status, 200);
  });
});

describe("a server", () => {
  test("takes only so many requests at once per route; another answers 503 and others go on", async (t) => {
    const { route, began, release } = blocking();
    const { url } = await serve(t, { routes: [route, echoRoute], concurrentMax: 1 });
    const first = post(`${url}/block`, "");
    await began;
    const second = await post(`${url}/block`, "");
    assert.deepEqual([second.status, second.body.reason], [503, "OVERLOADED"]);
    assert.equal((await post(`${url}/echo`, '{"uid":1,"name":"a"}')).status, 200);
    release();
    assert.equal((await first).status, 200);
    assert.equal((await post(`${url}/block`, "")).status, 200);
  });

  test("takes only so many connections; one more is closed at once and those it has are served", async (t) => {
    const { url } = await serve(t, { connectionsMax: 2 });
    const silent = openSocket(url);
    await once(silent, "connect");
    const known = openSocket(url);
    await once(known, "connect");
    assert.equal(await exchangeRaw(url, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"), "");
    known.write("POST /me HTTP/1.1\r\nHost: x\r\n\r\n");
    const [answer] = await once(known, "data");
    assert.match(String(answer), /^HTTP\/1\.1 401 /);
    silent.destroy();
    known.destroy();
  });

  test("that stops lets a request in flight finish and closes idle connections at once", async (t) => {
    const { route, began, release } = blocking();
    const { url, server } = await serve(t, { routes: [route, echoRoute] });
    await post(`${url}/echo`, '{"uid":1,"name":"a"}');
    const answer = fetch(`${url}/block`, { method: "POST" });
    await began;
    const started = performance.now();
    const stopped = server.stop(30_000);
    await assert.rejects(once(openSocket(url), "connect"), { code: "ECONNREFUSED" });
    release();
    const response = await answer;
    assert.deepEqual([response.status, response.headers.get("connection")], [200, "close"]);
    await stopped;
    assert.ok(performance.now() - started < 10_000);
  });

  test("that stops cuts what takes longer than the grace", { timeout: 5000 }, async (t) => {
    const { route, began } = blocking();
    const { url, server } = await serve(t, { routes: [route], timeoutMs: 0 });
    const answer = fetch(`${url}/block`, { method: "POST" });
    const cut = assert.rejects(answer);
    await began;
    await server.stop(10);
    await cut;
  });

  test("whose port is taken says which and what to do", async (t) => {
    const { url } = await serve(t);
    const port = Number(new URL(url).port);
    await assert.rejects(serve(t, { port }), (error) => {
      assert.ok(error instanceof AppError);
      assert.deepEqual([error.code, error.reason], ["FAILED_PRECONDITION", "PORT_TAKEN"]);
      assert.match(error.message, new RegExp(`^port ${port} on 127.0.0.1 is taken: `));
      return true;
    });
  });

  test("whose host is another machine's says so", async (t) => {
    // 192.0.2.0/24 is reserved for documentation (RFC 5737): no machine has it.
    await assert.rejects(serve(t, { host: "192.0.2.1" }), {
      code: "FAILED_PRECONDITION",
      reason: "CANNOT_LISTEN",
      message: /Host must name an address of this machine/,
    });
  });

  test("refuses routes that want a token without a secret, and a secret that is too short", () => {
    const options = {
      runtime: { now: Date.now } as never,
      log: silentLogger,
      host: "127.0.0.1",
      port: 0,
      routes: [meRoute],
      timeoutMs: 0,
      bodyBytesMax: 1,
      concurrentMax: 1,
    };
    assert.throws(() => createRestServer(options), /\/me wants a token, so AccessSecret must be set/);
    assert.throws(() => createRestServer({ ...options, accessSecret: SECRET.slice(0, 7) }), /8 bytes/);
  });
});
