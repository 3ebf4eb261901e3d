import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLogger } from "@mall/kit/log";
import { systemRuntime } from "@mall/kit/runtime";
import { TokenCache } from "./token-cache.ts";

const MINUTE_MS = 60_000;

test("who asks for the same app at once shares one lookup, also one that fails", async () => {
  let lookups = 0;
  const findToken = async (app: string): Promise<string | undefined> => {
    lookups += 1;
    if (app === "lost") throw new Error("no answer");
    return app === "pay.api" ? "right" : undefined;
  };
  const cache = new TokenCache({ findToken, runtime: systemRuntime, log: silentLogger });
  for (const [app, expected] of [
    ["pay.api", { token: "right" }],
    ["unknown", { missing: "app" }],
    ["lost", { missing: "answer" }],
  ] as const) {
    lookups = 0;
    const found = await Promise.all([1, 2, 3].map(() => cache.find(app)));
    assert.deepEqual(found, [expected, expected, expected]);
    assert.equal(lookups, 1, app);
  }
});

test("a token is believed between 4:45 and 5:15 minutes", async () => {
  for (const [random, believedMs] of [
    [0x00, 5.25 * MINUTE_MS],
    [0xff, 4.75 * MINUTE_MS],
  ] as const) {
    let lookups = 0;
    let elapsed = 0;
    const findToken = async (): Promise<string> => {
      lookups += 1;
      return "right";
    };
    const runtime = {
      ...systemRuntime,
      elapsed: () => elapsed,
      randomBytes: (length: number) => new Uint8Array(length).fill(random),
    };
    const cache = new TokenCache({ findToken, runtime, log: silentLogger });
    for (elapsed of [0, believedMs - 1, believedMs + 1]) await cache.find("pay.api");
    assert.equal(lookups, 2);
  }
});
