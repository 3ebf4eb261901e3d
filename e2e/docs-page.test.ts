import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launchBrowser, whyNoBrowser } from "./support/browser.ts";
import { startTestMall, type TestMall } from "./support/mall.ts";
import { readOperations } from "./support/openapi.ts";
import { gatewayUrls, newCustomer, newMobile, PASSWORD } from "./support/people.ts";

const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };

interface OpenPage {
  readonly page: Page;
  /** What the page complained about. */
  readonly problems: string[];
  /** Every address it asked. */
  readonly urls: string[];
}

describe("the API page of a running mall", { skip: whyNoBrowser() ?? false }, () => {
  let mall: TestMall;
  let browser: Browser;

  before(async () => {
    mall = await startTestMall();
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await mall.stop();
  });

  const open = async (viewport: { width: number; height: number }): Promise<OpenPage> => {
    const page = await browser.newPage({ viewport });
    const problems: string[] = [];
    const urls: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
    });
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("requestfailed", (request) => problems.push(`${request.url()} failed`));
    page.on("request", (request) => urls.push(request.url()));
    await page.goto(`${mall.url}/docs`);
    await page.locator(".opblock-summary-path").first().waitFor();
    return { page, problems, urls };
  };

  for (const [name, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
    it(`lists the operations of all services on a ${name}, in order and from here alone`, async () => {
      const { page, problems, urls } = await open(viewport);
      const shown = await page.locator(".opblock-summary-path").evaluateAll((nodes) =>
        // A zero-width space lets long paths wrap.
        nodes.map((node) => (node.textContent ?? "").replaceAll("\u200b", "")),
      );
      const operations = await readOperations(mall.url);
      assert.deepEqual(
        shown,
        operations.map(({ path }) => path),
      );
      assert.deepEqual(
        [...new Set(operations.map(({ tag }) => tag))],
        ["user", "product", "order", "pay", "sandbox"],
      );
      assert.deepEqual(problems, []);
      const outside = urls.filter((url) => !url.startsWith(`${mall.url}/`) && !url.startsWith("data:"));
      assert.deepEqual(outside, []);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(overflow <= 0, `the page is ${overflow} px wider than the screen`);
      await page.close();
    });
  }

  it("logs a registered user in by Try it out, and calls as that user once authorized", async () => {
    const mobile = newMobile();
    const customer = await newCustomer(gatewayUrls(mall.url));
    await customer.user.register({ name: "reader", gender: 0, mobile, password: PASSWORD });
    const { page, problems, urls } = await open(DESKTOP);
    const login = await tryOut(page, "/api/user/login", JSON.stringify({ mobile, password: PASSWORD }));
    assert.equal(login.status, "200");
    const { accessToken } = JSON.parse(login.text) as { accessToken: string };
    await page.locator(".auth-wrapper .authorize").first().click();
    await page.locator(".modal-ux input").fill(accessToken);
    await page.locator(".modal-ux .authorize").click();
    await page.locator(".modal-ux .btn-done").click();
    const info = await tryOut(page, "/api/user/userinfo");
    assert.equal(info.status, "200");
    assert.equal((JSON.parse(info.text) as { name: string }).name, "reader");
    assert.deepEqual(problems, []);
    assert.ok(urls.includes(`${mall.url}/api/user/userinfo`));
    await page.close();
  });
});

/** Sends one operation from the page and reads the answer that the page shows. */
async function tryOut(page: Page, path: string, body?: string): Promise<{ status: string; text: string }> {
  const operation = page.locator(".opblock", { has: page.locator(`[data-path="${path}"]`) });
  await operation.locator(".opblock-summary-control").click();
  await operation.locator(".try-out__btn").click();
  if (body !== undefined) await operation.locator("textarea.body-param__text").fill(body);
  await operation.locator(".execute").click();
  const live = operation.locator(".live-responses-table .response");
  const status = (await live.locator(".response-col_status").textContent()) ?? "";
  const text = await live.locator(".response-col_description .highlight-code code").first().textContent();
  return { status: status.trim(), text: text ?? "" };
}
