import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createLinkTokens } from "@mall/kit/rest";
import { systemRuntime } from "@mall/kit/runtime";
import { freePort } from "@mall/kit/testing";
import { preparePages } from "@mall/web/pages";
import type { Page } from "playwright-core";
import { startTestMall, TEST_SECRET, type TestMall } from "./mall.ts";

const AXE = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");

/** A mall with its pages, where buyers pay at the sandbox and at a simulator of each real channel. */
export async function startCashierMall(
  cashier: object,
  pay: object = {},
  blocks: object = {},
): Promise<TestMall> {
  await preparePages(() => {});
  const Port = await freePort();
  const Simulator = { Enabled: true, Port: 0, Speed: 60 };
  const Channels = { ReturnOrigins: [`http://127.0.0.1:${Port}`] };
  return startTestMall({
    blocks: { ...blocks, Port, Simulator, Pay: { Cashier: cashier, Channels, ...pay } },
  });
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
