import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Call } from "@mall/kit/call";
import { until } from "@mall/kit/testing";
import type { Route } from "./route.ts";
import { serve } from "./test-server.ts";

/** A stream that tells once and then goes on until its call ends. */
function endlessRoute(ended: () => void): Route {
  return {
    method: "POST",
    path: "/events",
    handler: "Events",
    auth: false,
    events: true,
    handle: async (call: Call) => endless(call, ended),
  };
}

async function* endless(call: Call, ended: () => void): AsyncGenerator<object> {
  const over = new Promise<void>((resolve) => call.onDone(() => resolve()));
  yield { at: 1 };
  await over;
  ended();
}

describe("a stream of events", () => {
  test("ends when its client goes away", async (t) => {
    let isOver = false;
    const { url } = await serve(t, { routes: [endlessRoute(() => (isOver = true))] });
    const gone = new AbortController();
    const answer = await fetch(`${url}/events`, { method: "POST", signal: gone.signal });
    const first = await answer.body?.getReader().read();
    assert.equal(Buffer.from(first?.value ?? []).toString(), 'data: {"at":1}\n\n');
    gone.abort();
    await until("the stream has ended", () => isOver);
  });

  test("ends well when its server leaves, which need not wait for it, and so does one that comes then", async (t) => {
    const { url, server } = await serve(t, { routes: [endlessRoute(() => {})] });
    const answer = await fetch(`${url}/events`, { method: "POST" });
    server.leave();
    assert.equal(await answer.text(), 'data: {"at":1}\n\n');
    const late = await fetch(`${url}/events`, { method: "POST" });
    assert.equal(await late.text(), 'data: {"at":1}\n\n');
    await server.stop(60_000);
  });
});
