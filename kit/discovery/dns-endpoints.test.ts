import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLogger } from "@mall/kit/log";
import { createManualRuntime } from "@mall/kit/testing";
import { dnsEndpoints } from "./dns-endpoints.ts";

/** Lets what waits for settled promises go on. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test("the addresses of a name are looked up again, and stay while DNS does not answer", async () => {
  const runtime = createManualRuntime();
  const answers: (readonly string[] | Error)[] = [
    new Error("no such name yet"),
    ["10.0.0.2", "10.0.0.1"],
    new Error("DNS is down"),
    ["10.0.0.1", "fd00::3"],
  ];
  const source = dnsEndpoints({
    endpoint: "user-rpc.mall:9000",
    runtime,
    log: silentLogger,
    lookup: async () => {
      const answer = answers.shift();
      if (answer === undefined || answer instanceof Error) throw answer;
      return answer;
    },
  });
  await settle();
  assert.equal(source.current(), undefined);
  for (const [afterMs, expected] of [
    [1_000, ["10.0.0.1:9000", "10.0.0.2:9000"]],
    [10_000, ["10.0.0.1:9000", "10.0.0.2:9000"]],
    [10_000, ["10.0.0.1:9000", "[fd00::3]:9000"]],
  ] as const) {
    runtime.advance(afterMs);
    await settle();
    assert.deepEqual(source.current(), expected);
  }
  await source.close();
  assert.equal(runtime.timersPending, 0);
});

test("a name of this machine is found", async () => {
  const runtime = createManualRuntime();
  const source = dnsEndpoints({ endpoint: "localhost:9000", runtime, log: silentLogger });
  await new Promise<void>((resolve) => {
    source.onChange(resolve);
  });
  assert.ok(source.current()?.some((address) => address === "127.0.0.1:9000" || address === "[::1]:9000"));
  await source.close();
});
