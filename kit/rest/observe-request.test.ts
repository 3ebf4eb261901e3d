import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Call } from "@mall/kit/call";
import { silentLogger } from "@mall/kit/log";
import { type HttpRequestInfo, noopObserver, type Observer } from "@mall/kit/observe";
import { systemRuntime } from "@mall/kit/runtime";
import { activeTrace, newTraceContext } from "@mall/kit/trace";
import { echoRoute, meRoute, openSocket, post, serve } from "./test-server.ts";

const TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
const TRACEPARENT = `00-${TRACE_ID}-00f067aa0ba902b7-01`;

/** An observer of HTTP requests that keeps what it is told. */
function recordingObserver() {
  const begun: HttpRequestInfo[] = [];
  const ended: number[] = [];
  const waiting: (() => void)[] = [];
  const observer: Observer = {
    ...noopObserver,
    http: (request) => {
      begun.push(request);
      return {
        trace: newTraceContext(systemRuntime, request.parent),
        end: (status) => {
          ended.push(status);
          waiting.shift()?.();
        },
      };
    },
  };
  const nextEnd = (): Promise<void> => new Promise((resolve) => waiting.push(resolve));
  return { observer, begun, ended, nextEnd };
}

describe("an observed request", () => {
  test("is told with its route, its path without query, and its end", async (t) => {
    const { observer, begun, ended, nextEnd } = recordingObserver();
    const { url } = await serve(t, { observer });
    const over = nextEnd();
    await post(`${url}//echo/?password=x`, JSON.stringify({ uid: 1, name: "a" }), { "user-agent": "test" });
    await over;
    const [{ peer, ...info } = { peer: "" }] = begun;
    assert.deepEqual(info, {
      method: "POST",
      path: "/echo",
      route: "/echo",
      userAgent: "test",
      parent: undefined,
    });
    assert.match(peer, /^127\.0\.0\.1:\d+$/);
    assert.deepEqual(ended, [200]);
  });

  test("that is refused, or matches no route, is told as well, and answers traceparent", async (t) => {
    const { observer, begun, ended, nextEnd } = recordingObserver();
    const { url } = await serve(t, { observer });
    for (const path of ["/me", "/nothing"]) {
      const over = nextEnd();
      const { headers } = await post(`${url}${path}`, undefined, { traceparent: TRACEPARENT });
      await over;
      assert.match(headers.get("traceparent") ?? "", new RegExp(`^00-${TRACE_ID}-[0-9a-f]{16}-01$`));
    }
    assert.deepEqual(ended, [401, 404]);
    assert.deepEqual(
      begun.map(({ route }) => route),
      ["/me", undefined],
    );
  });

  test("whose client goes away before its answer ends with 499", async (t) => {
    const { observer, ended, nextEnd } = recordingObserver();
    const began = Promise.withResolvers<Call>();
    const handle = (call: Call): Promise<never> => {
      began.resolve(call);
      return new Promise((_resolve, reject) => call.onDone(reject));
    };
    const { url } = await serve(t, { observer, routes: [{ ...meRoute, auth: false, handle }] });
    const socket = openSocket(url);
    const over = nextEnd();
    socket.write("POST /me HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
    await began.promise;
    socket.destroy();
    await over;
    assert.deepEqual(ended, [499]);
  });

  test("is served in its trace: its call has it, and whatever the logic starts finds it", async (t) => {
    const { observer } = recordingObserver();
    const seen: (string | undefined)[] = [];
    const handle = async (call: Call): Promise<object> => {
      seen.push(call.trace?.traceId);
      await null;
      seen.push(activeTrace()?.traceId);
      return {};
    };
    const { url } = await serve(t, { observer, routes: [{ ...echoRoute, handle }] });
    await post(`${url}/echo`, JSON.stringify({ uid: 1, name: "a" }), { traceparent: TRACEPARENT });
    assert.deepEqual(seen, [TRACE_ID, TRACE_ID]);
  });
});

describe("a request that nobody observes", () => {
  test("answers traceparent only to those who sent one", async (t) => {
    const { url } = await serve(t);
    const body = JSON.stringify({ uid: 1, name: "a" });
    assert.equal((await post(`${url}/echo`, body)).headers.get("traceparent"), null);
    const { headers } = await post(`${url}/echo`, body, { traceparent: TRACEPARENT });
    assert.match(headers.get("traceparent") ?? "", new RegExp(`^00-${TRACE_ID}-`));
  });

  test("that fails has a trace id in the log all the same", async (t) => {
    const logged = Promise.withResolvers<object>();
    const log = { ...silentLogger, error: (fields: object) => logged.resolve(fields) };
    const handle = (): Promise<never> => Promise.reject(new Error("broken"));
    const { url } = await serve(t, { log, routes: [{ ...meRoute, auth: false, handle }] });
    await post(`${url}/me`, undefined, { traceparent: TRACEPARENT });
    const { trace } = (await logged.promise) as { trace?: string };
    assert.equal(trace, TRACE_ID);
  });

  test("of the documents is nobody's business", async (t) => {
    const { observer, begun } = recordingObserver();
    const { url, server } = await serve(t, { observer, docs: { openApi: {} } });
    await fetch(`${url}/healthz`);
    await server.stop(0);
    assert.deepEqual(begun, []);
  });
});
