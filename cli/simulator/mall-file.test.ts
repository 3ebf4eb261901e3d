import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { startSimulator } from "@mall/channel-sim";
import { silentLogger } from "@mall/kit/log";
import { systemRuntime } from "@mall/kit/runtime";
import { createTestFolder } from "@mall/kit/testing";
import { ensureMallFile } from "./mall-file.ts";

it("a mall's file that was not written down before a kill has the same endpoint at Stripe the next time", async () => {
  const common = { runtime: systemRuntime, log: silentLogger, publicUrl: "", speed: 1 };
  const dataDir = createTestFolder();
  const simulator = await startSimulator({ ...common, host: "127.0.0.1", port: 0, dataDir });
  try {
    const at = { ...simulator, mallUrl: "http://127.0.0.1:1" };
    const file = await ensureMallFile(dataDir, at);
    const first = readFileSync(file, "utf8");
    rmSync(file);
    await ensureMallFile(dataDir, at);
    assert.equal(readFileSync(file, "utf8"), first);
    const merchant = JSON.parse(readFileSync(join(simulator.merchantDir, "stripe", "merchant.json"), "utf8"));
    const headers = { authorization: `Bearer ${merchant.secretKey}` };
    const listed = await (await fetch(`${simulator.url}/v1/webhook_endpoints`, { headers })).json();
    assert.deepEqual(
      listed.data.map(({ url }: { readonly url: string }) => url),
      ["http://127.0.0.1:1/api/pay/notify/stripe"],
    );
  } finally {
    await simulator.stop();
  }
});
