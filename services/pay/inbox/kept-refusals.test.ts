import assert from "node:assert/strict";
import { it } from "node:test";
import { silentLogger } from "@mall/kit/log";
import { createManualRuntime } from "@mall/kit/testing";
import type { PayNotifyRefusedModel } from "../model/pay-notify-refused-model.ts";
import { KeptRefusals } from "./kept-refusals.ts";

it("the oldest of every channel are forgotten, in whichever order channels are written to", async () => {
  const runtime = createManualRuntime();
  const [written, forgotten] = [new Map<string, number>(), new Map<string, number>()];
  const count = (counts: Map<string, number>, channel: string): number => {
    counts.set(channel, (counts.get(channel) ?? 0) + 1);
    return [...written.values()].reduce((sum, rows) => sum + rows, 0);
  };
  const model: Pick<PayNotifyRefusedModel, "insert" | "forgetOld"> = {
    insert: async ({ channel }) => count(written, channel),
    forgetOld: async (channel) => void count(forgotten, channel),
  };
  const refusals = new KeptRefusals({ runtime, log: silentLogger, model });
  for (let round = 0; round < 1000; round += 1) {
    for (const channel of ["alipay", "wechat"])
      await refusals.add({
        channel,
        headers: {},
        body: Buffer.of(),
        receivedAt: 0,
        error: new Error("forged"),
      });
    runtime.advance(10_000);
  }
  assert.deepEqual(
    [...written],
    [
      ["alipay", 1000],
      ["wechat", 1000],
    ],
  );
  assert.deepEqual(
    [...forgotten],
    [
      ["alipay", 10],
      ["wechat", 10],
    ],
  );
});
