import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Call } from "@mall/kit/call";
import type { Logger } from "@mall/kit/log";
import { silentLogger } from "@mall/kit/log";
import { createManualRuntime } from "@mall/kit/testing";
import { createClientLimit } from "./client-limit.ts";

function limitOf(perMinute: number) {
  const runtime = createManualRuntime();
  const warnings: string[] = [];
  const log: Logger = { ...silentLogger, warn: ({ address }) => void warnings.push(address ?? "") };
  const limit = createClientLimit({ runtime, log, name: "test", perMinute, cache: undefined });
  const take = (clientAddress?: string): Promise<void> => limit.take(new Call({ clientAddress }));
  return { runtime, warnings, take };
}

describe("the limit of a client", () => {
  it("is so many attempts a minute, each address for itself", async () => {
    const { runtime, take } = limitOf(2);
    await take("203.0.113.1");
    await take("::ffff:203.0.113.1");
    const limited = { code: "RESOURCE_EXHAUSTED", reason: "CLIENT_LIMITED", retryAfterSeconds: 60 };
    await assert.rejects(take("203.0.113.1"), limited);
    await take("203.0.113.2");
    runtime.advance(60_000);
    await take("203.0.113.1");
  });

  it("is none for a private network, which may be a proxy, and the log says so once", async () => {
    const { warnings, take } = limitOf(1);
    const addresses = ["10.1.2.3", "::ffff:192.168.0.9", "127.0.0.1", "::1", "fd00::7", "fe80::1%eth0"];
    for (const address of [...addresses, ...addresses]) await take(address);
    assert.deepEqual(warnings, ["10.1.2.3"]);
  });

  it("is none where it is 0, or where no address is known", async () => {
    const none = limitOf(0);
    const one = limitOf(1);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await none.take("203.0.113.1");
      await one.take(undefined);
    }
  });
});
