import assert from "node:assert/strict";
import { test } from "node:test";
import { systemRuntime } from "@mall/kit/runtime";
import { createManualRuntime } from "@mall/kit/testing";
import { createNetworkStreams } from "./network-streams.ts";
import { serve } from "./test-serve.ts";

const LONG = { timeoutMs: 10_000 };
const PIECE = Buffer.alloc(64 * 1024, "x");

function open(
  url: string,
  options = LONG,
  runtime: Parameters<typeof createNetworkStreams>[0] = systemRuntime,
) {
  return createNetworkStreams(runtime).open({ method: "GET", url, headers: {} }, options);
}

test("an answer many times longer than a sent one may be arrives whole, and no faster than it is read", async (t) => {
  const pieces = 1_000;
  let written = 0;
  const url = await serve(t, async (_request, response) => {
    response.writeHead(200, { "x-kind": "bill" });
    for (; written < pieces; written += 1) {
      if (!response.write(PIECE)) await new Promise((resolve) => response.once("drain", resolve));
    }
    response.end();
  });
  const { status, headers, body } = await open(url);
  assert.deepEqual([status, headers["x-kind"]], [200, "bill"]);
  let [length, ahead] = [0, 0];
  for await (const piece of body) {
    length += piece.length;
    // What lies between the two sides are buffers of Node's and of the system.
    ahead = Math.max(ahead, written * PIECE.length - length);
    await new Promise(setImmediate);
  }
  assert.equal(length, pieces * PIECE.length);
  assert.ok(ahead < length / 2, `the server was ${ahead} bytes ahead`);
});

test("an answer that ends too early, or stands still, is an error after what came", async (t) => {
  const cut = await serve(t, (_request, response) => {
    response.writeHead(200, { "content-length": String(2 * PIECE.length) });
    response.write(PIECE, () => response.destroy());
  });
  const still = await serve(t, (_request, response) => {
    response.writeHead(200, { "content-length": String(2 * PIECE.length) });
    response.write(PIECE);
  });
  for (const [url, error, options] of [
    [cut, { reason: "NO_ANSWER" }, LONG],
    [still, { code: "DEADLINE_EXCEEDED" }, { timeoutMs: 100 }],
  ] as const) {
    const { body } = await open(url, options);
    let length = 0;
    await assert.rejects(async () => {
      for await (const piece of body) length += piece.length;
    }, error);
    assert.equal(length, PIECE.length);
  }
});

test("an answer without an end is not read for ever", async (t) => {
  const url = await serve(t, async (_request, response) => {
    while (!response.destroyed) {
      if (!response.write(PIECE))
        await new Promise((resolve) => response.once("drain", resolve).once("close", resolve));
    }
  });
  const request = { method: "GET", url, headers: {} } as const;
  const { body } = await createNetworkStreams(systemRuntime, { bytesMax: 10 * PIECE.length }).open(
    request,
    LONG,
  );
  let length = 0;
  await assert.rejects(
    async () => {
      for await (const piece of body) length += piece.length;
    },
    { reason: "ANSWER_TOO_LARGE" },
  );
  assert.ok(length > 0 && length <= 10 * PIECE.length);
});

test("the clock stands while nobody reads", async (t) => {
  const url = await serve(t, (_request, response) => {
    response.write("1");
    setImmediate(() => response.end("2"));
  });
  const runtime = createManualRuntime();
  const { body } = await open(url, LONG, runtime);
  const pieces: string[] = [];
  for await (const piece of body) {
    pieces.push(Buffer.from(piece).toString());
    runtime.advance(2 * LONG.timeoutMs);
  }
  assert.equal(pieces.join(""), "12");
});

test("whoever stops reading ends the connection", async (t) => {
  let closed: (() => void) | undefined;
  const isClosed = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const url = await serve(t, (_request, response) => {
    response.on("close", () => closed?.());
    response.write(PIECE);
  });
  const { body } = await open(url);
  for await (const piece of body) {
    assert.ok(piece.length > 0);
    break;
  }
  await isClosed;
});

test("whoever does not begin to read ends the connection too", async (t) => {
  const ended = Promise.withResolvers<void>();
  const url = await serve(t, (_request, response) => {
    response.on("close", ended.resolve);
    response.writeHead(502).write(PIECE);
  });
  const { status, close } = await open(url);
  assert.equal(status, 502);
  close();
  await ended.promise;
});

test("nobody there is an error, and so is no time", async (t) => {
  const url = await serve(t, (_request, response) => response.end());
  await assert.rejects(open("http://127.0.0.1:1"), { reason: "NO_ANSWER" });
  await assert.rejects(open(url, { timeoutMs: 0 }), { code: "DEADLINE_EXCEEDED" });
});
