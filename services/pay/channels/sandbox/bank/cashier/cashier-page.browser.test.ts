import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { describe, it } from "node:test";
import { Call } from "@mall/kit/call";
import { chromium } from "playwright-core";
import { tradeRef } from "../../../test-channel-conformance.ts";
import { openHttpWorld } from "../../test-http-world.ts";

const USUAL_PATH = "/usr/bin/chromium";
const executablePath = process.env.MALL_TEST_CHROMIUM ?? USUAL_PATH;
const skip = existsSync(executablePath)
  ? false
  : `MALL_TEST_CHROMIUM names no browser, nor is there ${USUAL_PATH}`;
const PHONE = { width: 390, height: 844 };
const HALF_HOUR_MS = 30 * 60_000;

describe("the cashier's page in a browser", { skip }, () => {
  it("fits a phone, asks nobody else, and pays at the press of its button", async (t) => {
    const world = await openHttpWorld();
    // Chromium refuses its own sandbox to root; the page comes from this test.
    const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
    t.after(async () => {
      await browser.close();
      await world.close();
    });
    const opened = await world.channel.prepay(new Call(), {
      outTradeNo: `A${"0".repeat(60)}1`,
      amount: 129_900,
      currency: "CNY",
      subject:
        "一台很长很长很长很长很长很长很长很长很长很长名字的手机 with-a-word-that-never-never-never-ends",
      expireAt: world.now() + HALF_HOUR_MS,
      product: "page",
    });
    assert.ok(opened.kind === "yes");
    const page = await browser.newPage({ viewport: PHONE });
    const problems: string[] = [];
    const hosts = new Set<string>();
    page.on("console", (message) => problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("request", (request) => hosts.add(new URL(request.url()).host));
    await page.goto(opened.value.credential.text);
    await page.getByText("¥1,299.00").waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), PHONE.width);
    assert.doesNotMatch((await page.locator("time").textContent()) ?? "", /T.*Z/);
    await page.getByRole("button", { name: "确认支付" }).click();
    await page.getByText("已支付").waitFor();
    assert.equal(await page.getByRole("button").count(), 0);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      [...hosts].filter((host) => host !== ""),
      [new URL(world.url).host],
    );
  });

  it("says why it could not pay", async (t) => {
    const world = await openHttpWorld();
    const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
    t.after(async () => {
      await browser.close();
      await world.close();
    });
    const expireAt = world.now() + HALF_HOUR_MS;
    const attempt = {
      outTradeNo: "A1",
      amount: 100,
      currency: "CNY",
      subject: "茶",
      expireAt,
      product: "page" as const,
    };
    const opened = await world.channel.prepay(new Call(), attempt);
    assert.ok(opened.kind === "yes");
    const page = await browser.newPage({ viewport: PHONE });
    await page.goto(opened.value.credential.text);
    await world.channel.close(new Call(), tradeRef("A1"));
    await page.getByRole("button").click();
    await page.getByText("交易已关闭").waitFor();
  });
});
