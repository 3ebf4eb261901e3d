import assert from "node:assert/strict";
import { createServer } from "node:http";
import { describe, it, type TestContext } from "node:test";
import { serviceConfig } from "@mall/kit/config";
import { silentLogger } from "@mall/kit/log";
import { systemRuntime } from "@mall/kit/runtime";
import { startOtlpReceiver } from "@mall/kit/testing";
import { newTraceContext, readTraceHeaders, runInTrace } from "@mall/kit/trace";
import { noopObserver } from "./noop-observer.ts";
import { type Observability, startObservability } from "./observability.ts";

const ANY_PORT = { Host: "127.0.0.1", Port: 0 };

async function start(t: TestContext, blocks: object, log = silentLogger): Promise<Observability> {
  const config = serviceConfig.parse({ Name: "pay.rpc", ...blocks });
  const shown = await startObservability({ config, runtime: systemRuntime, log, accessLog: false });
  t.after(() => shown.stop());
  return shown;
}

async function page(shown: Observability, path: string): Promise<[number, string]> {
  const answer = await fetch(`${shown.addresses.at(-1)?.url}${path}`);
  return [answer.status, await answer.text()];
}

describe("DevServer", () => {
  it("answers go-zero's health texts: every listener that is not ready by its name", async (t) => {
    const shown = await start(t, { DevServer: ANY_PORT });
    assert.deepEqual(await page(shown, "/healthz"), [200, "OK"]);
    const rest = shown.health.probe("rest-0.0.0.0:8003");
    const rpc = shown.health.probe("zrpc-0.0.0.0:9003");
    rpc.ready = true;
    const text = "Service Unavailable\nrest-0.0.0.0:8003 is not ready\nzrpc-0.0.0.0:9003 is ready\n";
    assert.deepEqual(await page(shown, "/healthz"), [503, text]);
    rest.ready = true;
    assert.deepEqual(await page(shown, "/healthz"), [200, "OK"]);
  });

  it("lists its paths, serves metrics, and says that there are no profiles", async (t) => {
    const shown = await start(t, { DevServer: { ...ANY_PORT, MetricsPath: "/figures" } });
    assert.deepEqual(await page(shown, "/"), [200, '["/","/livez","/healthz","/figures"]']);
    assert.match((await page(shown, "/figures"))[1], /^nodejs_eventloop_lag_seconds /m);
    assert.equal((await page(shown, "/debug/pprof/"))[0], 501);
    assert.equal((await page(shown, "/metrics"))[0], 404);
    assert.equal((await page(shown, "//"))[0], 404);
  });

  it("without metrics counts nothing", async (t) => {
    const shown = await start(t, { DevServer: { ...ANY_PORT, EnableMetrics: false } });
    assert.equal((await page(shown, "/metrics"))[0], 404);
    assert.equal(shown.observer, noopObserver);
  });

  it("refuses the start with one line where its port is taken", async (t) => {
    const taken = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => taken.once("listening", resolve));
    t.after(() => taken.close());
    const address = taken.address();
    const Port = typeof address === "object" ? address?.port : 0;
    await assert.rejects(start(t, { DevServer: { Host: "127.0.0.1", Port } }), {
      reason: "PORT_TAKEN",
      message: `DevServer: 127.0.0.1:${Port} is taken: stop the process that listens there or set another DevServer.Port`,
    });
  });
});

describe("Prometheus", () => {
  it("serves metrics alone, on its own port", async (t) => {
    const shown = await start(t, { Prometheus: { ...ANY_PORT, Path: "/figures" } });
    const [{ url = "" } = {}] = shown.addresses;
    assert.match(await (await fetch(url)).text(), /^nodejs_heap_size_used_bytes /m);
    assert.equal((await fetch(new URL("/healthz", url))).status, 404);
  });
});

describe("Telemetry", () => {
  it("absent, disabled or without a receiver traces nothing", async (t) => {
    const blocks = [{}, { Telemetry: {} }, { Telemetry: { Endpoint: "127.0.0.1:1", Disabled: true } }];
    for (const block of blocks) assert.equal((await start(t, block)).observer, noopObserver);
  });

  it("keeps only its share of the traces that begin here, and all that callers record", async (t) => {
    const receiver = await startOtlpReceiver();
    t.after(() => receiver.stop());
    const Telemetry = { Endpoint: receiver.grpc, Sampler: 0, Name: "payments" };
    const shown = await start(t, { Telemetry });
    const call = { method: "/pay.Pay/Create", peer: undefined, requestBytes: undefined };
    const recorded = readTraceHeaders({ traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01` });
    for (const parent of [undefined, newTraceContext(systemRuntime), recorded]) {
      const observation = shown.observer.rpcServer?.({ ...call, parent });
      runInTrace(observation?.trace, () => shown.observer.redis?.("GET").end(new Error("no")));
      observation?.end({ code: 14, responseBytes: undefined });
    }
    await shown.stop();
    const names = receiver.spans.map(({ service, name, parentSpanId }) => [service, name, parentSpanId]);
    const [redis, call2] = names;
    assert.equal(names.length, 2);
    assert.deepEqual(redis?.slice(0, 2), ["payments", "redis"]);
    assert.deepEqual(call2, ["payments", "pay.Pay/Create", "b".repeat(16)]);
  });

  it("speaks OTLP over HTTP with its headers and path, and Zipkin", async (t) => {
    const posted: string[] = [];
    const server = createServer((request, response) => {
      posted.push(`${request.url} ${request.headers["x-tenant"] ?? "-"}`);
      request.resume().on("end", () => response.end("{}"));
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    t.after(() => server.close());
    const address = server.address();
    const host = `127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
    for (const Telemetry of [
      { Batcher: "otlphttp", Endpoint: host, OtlpHeaders: { "x-tenant": "mall" } },
      { Batcher: "otlphttp", Endpoint: host, OtlpHttpPath: "/tenant/v1/traces" },
      { Batcher: "zipkin", Endpoint: `http://${host}/api/v2/spans` },
    ]) {
      const shown = await start(t, { Telemetry });
      shown.observer.redis?.("GET").end(undefined);
      const call = { method: "/pay.Pay/Create", peer: undefined, requestBytes: 1, parent: undefined };
      shown.observer.rpcServer?.(call).end({ code: 0, responseBytes: 1 });
      await shown.stop();
    }
    assert.deepEqual(posted, ["/v1/traces mall", "/tenant/v1/traces -", "/api/v2/spans -"]);
  });

  it("for Jaeger goes to the OTLP port of the same host, and says what to write", async (t) => {
    const said: string[] = [];
    const log = { ...silentLogger, warn: (_fields: object, text: string) => said.push(text) };
    for (const block of [{ Batcher: "jaeger" }, {}]) {
      await start(t, { Telemetry: { ...block, Endpoint: "http://jaeger:14268/api/traces" } }, log);
    }
    assert.equal(said.length, 2);
    for (const text of said) assert.match(text, /write Batcher: otlphttp and Endpoint: jaeger:4318$/);
  });

  it("whose receiver is away warns once and holds no stop up", async (t) => {
    const said: string[] = [];
    const log = { ...silentLogger, warn: (_fields: object, text: string) => said.push(text) };
    const shown = await start(t, { Telemetry: { Endpoint: "127.0.0.1:1" } }, log);
    const call = { method: "/pay.Pay/Create", peer: undefined, requestBytes: 1, parent: undefined };
    for (let index = 0; index < 1000; index += 1)
      shown.observer.rpcServer?.(call).end({ code: 0, responseBytes: 1 });
    const startedAt = performance.now();
    await shown.stop();
    assert.ok(performance.now() - startedAt < 4000);
    assert.deepEqual(said, ["cannot export spans; dropping them"]);
  });
});
