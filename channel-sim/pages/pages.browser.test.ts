import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { describe, test } from "node:test";
import { systemRuntime } from "@mall/kit/runtime";
import { until } from "@mall/kit/testing";
import { chromium } from "playwright-core";
import { makeStripe } from "../credentials/make-stripe.ts";
import { startTestSimulator } from "../test-simulator.ts";

const USUAL_PATH = "/usr/bin/chromium";
const executablePath = process.env.MALL_TEST_CHROMIUM ?? USUAL_PATH;
const skip = existsSync(executablePath)
  ? false
  : `MALL_TEST_CHROMIUM names no browser, nor is there ${USUAL_PATH}`;
const PHONE = { width: 390, height: 844 };

describe("the simulator's pages in a browser", { skip, timeout: 120_000 }, () => {
  test("fit a phone, ask nobody else, say why a card is declined, take the next one, and switch faults", async (t) => {
    const account = makeStripe(systemRuntime);
    const { simulator, url, close } = await startTestSimulator({ stripe: [account] });
    const headers = {
      authorization: `Bearer ${account.secretKey}`,
      "content-type": "application/x-www-form-urlencoded",
    };
    const body = "amount=500&currency=jpy&description=a%20thing";
    const { id } = await (await fetch(`${url}/v1/payment_intents`, { method: "POST", headers, body })).json();
    const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
    t.after(async () => {
      await browser.close();
      await close();
    });
    const page = await browser.newPage({ viewport: PHONE });
    const problems: string[] = [];
    const hosts = new Set<string>();
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("request", (request) => hosts.add(new URL(request.url()).origin));
    await page.goto(`${url}/simulator/pay/stripe/${id}`);
    await page.fill("[name=card]", "4000 0000 0000 9995");
    await page.click("button");
    await page.waitForSelector("text=Your card has insufficient funds.");
    await page.fill("[name=card]", "5555 5555 5555 4444");
    await page.click("button");
    await page.waitForSelector("text=succeeded");
    assert.equal(await page.locator("button").count(), 0);
    await page.goto(`${url}/simulator`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
    await page.selectOption("[name=fault]", "notify.late");
    await page.fill("[name=ms]", "5000");
    await page.click("#fault button");
    await until("the fault is there", () => simulator.faults.length === 1);
    const { fault, ms } = simulator.faults[0] ?? {};
    assert.deepEqual([fault, ms], ["notify.late", 5_000]);
    await page.waitForSelector("li code");
    await page.click("#calm");
    await until("no fault is left", () => simulator.faults.length === 0);
    assert.deepEqual([[...hosts], problems], [[url], []]);
  });
});
