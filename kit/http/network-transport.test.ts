import assert from "node:assert/strict";
import { test } from "node:test";
import { Breakers } from "@mall/kit/resilience";
import { systemRuntime } from "@mall/kit/runtime";
import { createManualRuntime } from "@mall/kit/testing";
import type { HttpRequest } from "./http-transport.ts";
import { createNetworkTransport } from "./network-transport.ts";
import { serve } from "./test-serve.ts";

const LONG = { timeoutMs: 10_000 };

function get(url: string): HttpRequest {
  return { method: "GET", url, headers: {} };
}

test("a request and its answer travel byte for byte, whatever the status", async (t) => {
  const url = await serve(t, (request, response) => {
    const sign = request.headers["x-sign"];
    response.writeHead(402, { "X-Path": `${request.method} ${request.url}`, "X-Sent": sign });
    request.pipe(response);
  });
  const body = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const request: HttpRequest = { method: "POST", url: `${url}/a?b=%20`, headers: { "x-sign": "v1" }, body };
  const answer = await createNetworkTransport({ runtime: systemRuntime }).send(request, LONG);
  assert.equal(answer.status, 402);
  assert.deepEqual([answer.headers["x-path"], answer.headers["x-sent"]], ["POST /a?b=%20", "v1"]);
  assert.deepEqual(new Uint8Array(answer.body), body);
});

test("requests one after the other go over one connection, and those at the same time over their own", async (t) => {
  const connections = new Set<unknown>();
  const waiting: (() => void)[] = [];
  const url = await serve(t, (request, response) => {
    connections.add(request.socket);
    if (request.url === "/at-once") waiting.push(() => response.end("ok"));
    else response.end("ok");
    if (waiting.length === 3) for (const answer of waiting.splice(0)) answer();
  });
  const transport = createNetworkTransport({ runtime: systemRuntime });
  for (let count = 0; count < 20; count += 1) await transport.send(get(`${url}/in-turn`), LONG);
  assert.equal(connections.size, 1);
  await Promise.all([1, 2, 3].map(() => transport.send(get(`${url}/at-once`), LONG)));
  assert.equal(connections.size, 3);
});

test("a redirect is an answer and is not followed", async (t) => {
  const asked: (string | undefined)[] = [];
  const url = await serve(t, (request, response) => {
    asked.push(request.url);
    response.writeHead(307, { location: "/elsewhere" }).end();
  });
  const answer = await createNetworkTransport({ runtime: systemRuntime }).send(get(`${url}/first`), LONG);
  assert.equal(answer.status, 307);
  assert.deepEqual(asked, ["/first"]);
});

test("no answer in time ends the request, also where the answer had begun", async (t) => {
  const silent = await serve(t, () => {});
  const halfway = await serve(t, (_request, response) => {
    response.writeHead(200, { "content-length": "10" });
    response.write("12345");
  });
  const transport = createNetworkTransport({ runtime: systemRuntime });
  for (const url of [silent, halfway]) {
    await assert.rejects(transport.send(get(url), { timeoutMs: 50 }), { code: "DEADLINE_EXCEEDED" });
  }
  await assert.rejects(transport.send(get(silent), { timeoutMs: 0 }), { code: "DEADLINE_EXCEEDED" });
});

test("an answer that is too long is not read to its end", async (t) => {
  let written = 0;
  const url = await serve(t, (_request, response) => {
    const more = (): void => {
      while (!response.destroyed && written < 1e8) {
        written += 65_536;
        if (!response.write(Buffer.alloc(65_536))) break;
      }
    };
    response.on("drain", more);
    more();
  });
  const transport = createNetworkTransport({ runtime: systemRuntime, answerBytesMax: 100_000 });
  await assert.rejects(transport.send(get(url), LONG), { reason: "ANSWER_TOO_LARGE" });
  assert.ok(written < 1e8);
});

test("a server that is not there, hangs up or speaks no HTTP gave no answer, and nothing is told of the path", async (t) => {
  const hangsUp = await serve(t, (request) => request.socket.destroy());
  const noHttp = await serve(t, (request) => request.socket.end("what?\r\n\r\n"));
  const transport = createNetworkTransport({ runtime: systemRuntime });
  for (const url of ["http://127.0.0.1:1", hangsUp, noHttp, "no url"]) {
    await assert.rejects(transport.send(get(`${url}/secret?key=1`), LONG), (error: Error) => {
      assert.deepEqual(
        [Reflect.get(error, "code"), Reflect.get(error, "reason")],
        ["UNAVAILABLE", "NO_ANSWER"],
      );
      return !error.message.includes("secret");
    });
  }
});

test("a server that keeps failing is asked less, and others as before", async (t) => {
  let asked = 0;
  const failing = await serve(t, (_request, response) => {
    asked += 1;
    response.writeHead(503).end();
  });
  const well = await serve(t, (_request, response) => response.writeHead(404).end());
  const breakers = new Breakers({ runtime: createManualRuntime(), onRefusal: () => {} });
  const transport = createNetworkTransport({ runtime: systemRuntime, breakers });
  const outcomes = { answered: 0, refused: 0 };
  for (let count = 0; count < 100; count += 1) {
    await transport.send(get(failing), LONG).then(
      ({ status }) => {
        assert.equal(status, 503);
        outcomes.answered += 1;
      },
      (error: Error) => {
        assert.equal(Reflect.get(error, "reason"), "BREAKER_OPEN");
        outcomes.refused += 1;
      },
    );
    assert.equal((await transport.send(get(well), LONG)).status, 404);
  }
  assert.equal(asked, outcomes.answered);
  assert.ok(outcomes.answered >= 5 && outcomes.refused > 50, JSON.stringify(outcomes));
});
