import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startSimulator } from "@mall/channel-sim";
import { silentLogger } from "@mall/kit/log";
import { createLinkTokens } from "@mall/kit/rest";
import { systemRuntime } from "@mall/kit/runtime";
import { freePort } from "@mall/kit/testing";
import { preparePages } from "@mall/web/pages";
import type { Page } from "playwright-core";
import { channelsBlock, SIMULATED } from "../../cli/simulator/accounts.ts";
import { startTestMall, TEST_SECRET, type TestMall } from "./mall.ts";

const AXE = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");

/** A mall with its pages, where buyers pay at the sandbox and at a simulator of each real channel. */
export async function startCashierMall(cashier: object): Promise<TestMall> {
  await preparePages(() => {});
  const dataDir = mkdtempSync(join(tmpdir(), "mall-cashier-"));
  const simulator = await startSimulator({
    host: "127.0.0.1",
    port: 0,
    publicUrl: "",
    speed: 60,
    dataDir,
    runtime: systemRuntime,
    log: silentLogger,
  });
  const Port = await freePort();
  const mallUrl = `http://127.0.0.1:${Port}`;
  const at = { ...simulator, mallUrl };
  const blocks = await Promise.all(SIMULATED.map((channel) => channelsBlock(channel, at)));
  const Channels = Object.assign({ ReturnOrigins: [mallUrl] }, ...blocks);
  const mall = await startTestMall({ blocks: { Port, Pay: { Cashier: cashier, Channels } } });
  return {
    ...mall,
    stop: async () => {
      await mall.stop();
      await simulator.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A link whose time is over. */
export function expiredLink(mall: TestMall, id: number): string {
  const links = createLinkTokens({ secret: TEST_SECRET, purpose: "cashier", runtime: systemRuntime });
  const token = links.sign({ pay: id, subject: "", return: "" }, Math.floor(systemRuntime.now() / 1000) - 1);
  return `${mall.url}/cashier#${token}`;
}

/** What axe finds against the page, by rule. */
export async function axeFindings(page: Page): Promise<string[]> {
  // As a script of the page it would be against the page's policy.
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } = Reflect.get(
      window,
      "axe",
    );
    const { violations } = await axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  });
}
