import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AppError } from "@mall/kit/errors";
import { type LogFields, type ProcessLogger, silentLogger } from "@mall/kit/log";
import { systemRuntime } from "@mall/kit/runtime";
import { activeTrace, newTraceContext, runInTrace } from "@mall/kit/trace";
import * as prom from "prom-client";
import { AccessLog } from "./access-log.ts";
import { Metrics } from "./metrics.ts";
import { noopObserver } from "./noop-observer.ts";
import type { HttpRequestInfo, RpcCallInfo } from "./observer.ts";
import { createProcessObserver } from "./process-observer.ts";

const REQUEST: HttpRequestInfo = {
  method: "POST",
  path: "/api/pay/create",
  route: "/api/pay/create",
  peer: "127.0.0.1:5",
  userAgent: "test",
  parent: undefined,
};
const CALL: RpcCallInfo = {
  method: "/pay.Pay/Create",
  peer: "127.0.0.1:5",
  parent: undefined,
  requestBytes: 1,
};

/** An observer whose time is moved by hand, with what it writes and counts. */
function createParts() {
  const clock = { ms: 0 };
  const lines: { level: string; fields: LogFields; text: string }[] = [];
  const keep =
    (level: string) =>
    (fields: LogFields, text: string): void => {
      lines.push({ level, fields, text });
    };
  const log: ProcessLogger = {
    ...silentLogger,
    info: keep("info"),
    slow: keep("slow"),
    error: keep("error"),
  };
  const metrics = new Metrics(prom);
  const runtime = { ...systemRuntime, elapsed: () => clock.ms };
  const accessLog = new AccessLog(log);
  const observer = createProcessObserver({ runtime, accessLog, metrics, tracer: undefined });
  const after = (ms: number): void => {
    clock.ms += ms;
  };
  return { observer, metrics, lines, after };
}

async function series(metrics: Metrics, start: string): Promise<string[]> {
  return (await metrics.scrape()).split("\n").filter((line) => line.startsWith(start));
}

describe("a process observer", () => {
  it("is nobody where nobody looks on", () => {
    const nobody = { accessLog: undefined, metrics: undefined, tracer: undefined };
    assert.equal(createProcessObserver({ runtime: systemRuntime, ...nobody }), noopObserver);
  });

  it("reports a slow request twice, a failed one as an error, each with duration and trace", () => {
    const { observer, lines, after } = createParts();
    const slow = observer.http?.(REQUEST);
    after(612.34);
    slow?.end(200);
    observer.http?.(REQUEST).end(503);
    const text = "POST /api/pay/create - 127.0.0.1:5 - test";
    assert.deepEqual(
      lines.map(({ level, text: content }) => [level, content]),
      [
        ["slow", `[HTTP] 200 - ${text} - slowcall(612.3ms)`],
        ["info", `[HTTP] 200 - ${text}`],
        ["error", `[HTTP] 503 - ${text}`],
      ],
    );
    assert.deepEqual(lines[1]?.fields, {
      duration: "612.3ms",
      code: 200,
      trace: slow?.trace?.traceId,
      span: slow?.trace?.spanId,
    });
  });

  it("counts no request that matched no route, as paths are without number", async () => {
    const { observer, metrics } = createParts();
    observer.http?.({ ...REQUEST, route: undefined }).end(404);
    assert.deepEqual(await series(metrics, "http_server_requests_code_total{"), []);
  });

  it("tells failed calls of neighbours from refused ones", () => {
    const { observer, lines } = createParts();
    observer.rpcClient?.(CALL).end({ code: 5, responseBytes: undefined });
    observer.rpcClient?.(CALL).end({ code: 14, responseBytes: undefined });
    assert.deepEqual(
      lines.map(({ level, text }) => [level, text]),
      [["error", "fail - /pay.Pay/Create"]],
    );
  });

  it("writes no line for a call within the process, but counts it", async () => {
    const { observer, metrics, lines } = createParts();
    observer.rpcServer?.({ ...CALL, peer: undefined }).end({ code: 0, responseBytes: undefined });
    assert.deepEqual(lines, []);
    const counted = 'rpc_server_requests_code_total{method="/pay.Pay/Create",code="0"} 1';
    assert.deepEqual(await series(metrics, "rpc_server_requests_code_total{"), [counted]);
  });

  it("names a slow statement without values and a slow Redis command without its key", async () => {
    const { observer, metrics, lines, after } = createParts();
    const sql = observer.sql?.("query", "SELECT * FROM `user` WHERE mobile = ?");
    after(501);
    sql?.end(undefined);
    const redis = observer.redis?.("GET");
    after(101);
    redis?.end(new AppError("UNAVAILABLE", "UNAVAILABLE", "no"));
    assert.deepEqual(
      lines.map(({ level, text }) => [level, text]),
      [
        ["slow", "[SQL] query: slowcall - SELECT * FROM `user` WHERE mobile = ?"],
        ["slow", "[REDIS] slowcall on executing: GET"],
      ],
    );
    assert.deepEqual(await series(metrics, "redis_client_requests_error_total{"), [
      'redis_client_requests_error_total{command="GET",error="UNAVAILABLE"} 1',
    ]);
  });

  it("with an eye closed sees less", async () => {
    const { observer, metrics, lines } = createParts();
    const blind = observer.narrow({ trace: false, metrics: false, slowMs: 1 }).http?.(REQUEST);
    blind?.end(200);
    assert.equal(blind?.trace, undefined);
    assert.deepEqual(await series(metrics, "http_server_requests_code_total{"), []);
    assert.equal(lines.length, 1);
    observer.narrow({ log: false }).http?.(REQUEST).end(200);
    assert.equal(lines.length, 1);
    assert.equal(observer.narrow({ untracedPaths: [REQUEST.path] }).http?.(REQUEST).trace, undefined);
  });

  it("sends a call on in the place of its caller where nothing is recorded", () => {
    const { observer } = createParts();
    const trace = newTraceContext(systemRuntime);
    assert.equal(observer.rpcClient?.({ ...CALL, parent: trace }).trace, trace);
    runInTrace(trace, () => {
      assert.equal(activeTrace(), trace);
      assert.equal(observer.rpcClient?.(CALL).trace, trace);
    });
  });

  it("gives the same counter to all who ask for it", async () => {
    const { observer, metrics } = createParts();
    const definition = { name: "mall_things_total", help: "Things.", labels: [] };
    observer.counter(definition).add(1);
    observer.counter(definition).add(2);
    assert.deepEqual(await series(metrics, "mall_things_total"), ["mall_things_total 3"]);
  });
});
