import assert from "node:assert/strict";
import { it } from "node:test";
import { Call } from "@mall/kit/call";
import { describeChannel, tradeRef } from "../test-channel-conformance.ts";
import { openSandboxWorld } from "./test-sandbox-world.ts";

describeChannel("sandbox", openSandboxWorld);

const call = new Call();
const MINUTE_MS = 60_000;

it("a bank with another secret, or whose clock is more than five minutes off, is not understood", async () => {
  const cases = [
    [{}, "yes"],
    [{ secret: "a secret of somebody else" }, "unknown"],
    [{ clockAheadMs: 5 * MINUTE_MS }, "yes"],
    [{ clockAheadMs: -5 * MINUTE_MS }, "yes"],
    [{ clockAheadMs: 5 * MINUTE_MS + 1000 }, "unknown"],
    [{ clockAheadMs: -5 * MINUTE_MS - 1000 }, "unknown"],
  ] as const;
  for (const [options, kind] of cases) {
    const world = await openSandboxWorld(options);
    assert.equal((await world.channel.query(call, tradeRef("A1"))).kind, kind, JSON.stringify(options));
    await world.close();
  }
});
