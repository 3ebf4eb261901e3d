import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { until } from "@mall/kit/testing";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { launchBrowser, openWatched, type WatchedPage, whyNoBrowser } from "./support/browser.ts";
import { axeFindings, expiredLink, startCashierMall } from "./support/cashier.ts";
import type { TestMall } from "./support/mall.ts";
import { gatewayUrls, newCustomer, type Person } from "./support/people.ts";
import { payAtSandbox, setSandboxFaults } from "./support/sandbox.ts";
import { openPay, orderOne, PRICE, putUp, success } from "./support/shop.ts";

const PHONE = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true, locale: "zh-CN" };
const DESK = { viewport: { width: 1440, height: 900 }, locale: "en-US" };
/** What a shop, or who writes for it, may put where the page shows texts. */
const EVIL = `<img src=x onerror="window.evil=1"><script>window.evil=1</script>"'&`;
const THEME = {
  Name: EVIL.slice(0, 60),
  Color: "#f5c400",
  Logo: "data:image/gif;base64,R0lGODlhAQABAAAAACw=",
};

/** What Chrome calls slow 3G: milliseconds there and back, and a bandwidth each way. */
const SLOW = { latency: 400, kilobits: 400 };

interface OpenCashier extends WatchedPage {
  readonly id: number;
  readonly url: string;
}

describe("the cashier", { skip: whyNoBrowser() ?? false }, () => {
  let mall: TestMall;
  let browser: Browser;
  let admin: Person;
  let buyer: Person;
  let pid: number;

  before(async () => {
    mall = await startCashierMall(THEME);
    browser = await launchBrowser();
    admin = await newCustomer(gatewayUrls(mall.url));
    buyer = await newCustomer(gatewayUrls(mall.url));
    pid = await putUp(admin, 1000);
  });
  after(async () => {
    await browser?.close();
    await mall?.stop();
  });

  const newLink = async (more: object = {}): Promise<{ readonly id: number; readonly url: string }> => {
    const id = await openPay(buyer, await orderOne(buyer, pid));
    const { url } = await buyer.pay.cashier({ id, subject: "苹果", ...more });
    return { id, url };
  };
  const open = (options: BrowserContextOptions, url: string): Promise<WatchedPage> =>
    openWatched(browser, options, {
      url,
      mayAsk: (asked) => asked.startsWith(mall.url) || asked.startsWith("data:"),
    });
  const openNew = async (options: BrowserContextOptions, more: object = {}): Promise<OpenCashier> => {
    const link = await newLink(more);
    return { ...link, ...(await open(options, link.url)) };
  };
  const shows = (page: Page, text: string | RegExp): Promise<void> =>
    page.getByText(text).first().waitFor({ state: "visible" });
  const close = async ({ page, problems }: Pick<OpenCashier, "page" | "problems">): Promise<void> => {
    await page.context().close();
    assert.deepEqual(problems, []);
  };
  const checkLooks = async (page: Page): Promise<void> => {
    assert.deepEqual(await axeFindings(page), []);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `the page is ${overflow} px wider than the screen`);
  };

  it("takes a buyer on a phone to the channel, by the back button to the truth, and back to the shop", async () => {
    const cashier = await openNew(PHONE, { returnUrl: `${mall.url}/docs` });
    const { page } = cashier;
    await shows(page, "¥5.00");
    await shows(page, "苹果");
    assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
    await checkLooks(page);
    await page.getByRole("button", { name: "沙箱" }).click();
    await page.waitForURL(/\/sandbox\/cashier\//);
    await page.getByRole("button", { name: "确认支付" }).click();
    await shows(page, "已支付");
    await page.goBack();
    await shows(page, "支付成功");
    await checkLooks(page);
    await page.getByRole("link", { name: "返回商家" }).click();
    await page.waitForURL(`${mall.url}/docs`);
    await close(cashier);
  });

  it("leads from a code to the page of the simulator that plays the channel, where no wallet could pay it", async () => {
    const cashier = await openNew(DESK);
    const { page } = cashier;
    await page.getByRole("button", { name: "Alipay" }).click();
    const opening = page.context().waitForEvent("page");
    await page.getByRole("link", { name: "Pay at the simulator" }).click();
    const simulated = await opening;
    await simulated.getByRole("button", { name: "确认支付" }).click();
    await shows(page, "The money has come. Thank you.");
    await close(cashier);
  });

  it("draws a code on a desk, and sees by itself that it was paid elsewhere", async () => {
    const cashier = await openNew(DESK);
    const { page, id } = cashier;
    await page.getByRole("button", { name: "WeChat Pay" }).click();
    await page.getByRole("img", { name: "QR code of this payment" }).waitFor();
    await shows(page, "Waiting for your payment");
    await checkLooks(page);
    await page.getByRole("button", { name: "Pay another way" }).click();
    await page.getByRole("button", { name: "Sandbox" }).click();
    const link = page.getByRole("link", { name: "Go on to Sandbox" });
    assert.equal(await link.getAttribute("target"), "_blank");
    await payAtSandbox((await link.getAttribute("href")) ?? "");
    await shows(page, "The money has come. Thank you.");
    assert.equal((await buyer.pay.detail({ id })).status, 1);
    await close(cashier);
  });

  it("opens one attempt for a double click and a second tab", async () => {
    const cashier = await openNew(DESK);
    const { page, url } = cashier;
    const second = await page.context().newPage();
    await second.goto(url);
    const numbers = new Set<string>();
    page.context().on("response", (response) => {
      if (response.url().endsWith("/prepay"))
        response.json().then(
          ({ outTradeNo }) => numbers.add(outTradeNo),
          () => numbers.add("lost"),
        );
    });
    const buttons = [page, second].map((tab) => tab.getByRole("button", { name: "Sandbox" }));
    await Promise.all(buttons.map((button) => button.waitFor()));
    await Promise.all(buttons.map((button) => button.dblclick({ noWaitAfter: true }).catch(() => undefined)));
    for (const tab of [page, second]) await tab.getByRole("link", { name: "Go on to Sandbox" }).waitFor();
    await until("an answer is read", () => numbers.size > 0);
    assert.equal(numbers.size, 1, [...numbers].join());
    await close(cashier);
  });

  it("never says that a payment failed while nobody knows", async () => {
    const cashier = await openNew(DESK);
    const { page } = cashier;
    await setSandboxFaults(mall.url, [{ fault: "prepay.error-after", times: 1 }]);
    await page.getByRole("button", { name: "Sandbox" }).click();
    await shows(page, "There is no answer yet");
    assert.doesNotMatch((await page.textContent("body")) ?? "", /fail/i);
    await page.getByRole("button", { name: "Sandbox" }).click();
    await page.getByRole("link", { name: "Go on to Sandbox" }).waitFor();
    await close(cashier);
  });

  it("counts by the mall's clock, whatever the phone's says", async () => {
    const { url } = await newLink();
    const context = await browser.newContext(DESK);
    const page = await context.newPage();
    await page.clock.setFixedTime(Date.now() + 24 * 3_600_000);
    await page.goto(url);
    await page.getByRole("timer").waitFor();
    assert.match((await page.getByRole("timer").textContent()) ?? "", /^(29:\d\d|30:00)$/);
    await context.close();
  });

  it("shows another price, and an order that is cancelled, as soon as they are", async () => {
    const cashier = await openNew(DESK);
    const { page, id } = cashier;
    await shows(page, "CN¥5.00");
    const { oid } = await buyer.pay.detail({ id });
    await admin.order.update({ id: oid, amount: 700 });
    await shows(page, "CN¥7.00");
    await buyer.pay.close({ id });
    await shows(page, "This payment is closed");
    await close(cashier);
  });

  it("shows money that does not match, and money that went back, as that", async () => {
    const held = await openNew(DESK);
    await shows(held.page, "CN¥5.00");
    const { oid } = await buyer.pay.detail({ id: held.id });
    const less = { ...success({ id: held.id, uid: buyer.uid, oid }), amount: PRICE - 100 };
    await admin.pay.callback(less);
    await shows(held.page, "The shop is looking into it");
    await checkLooks(held.page);
    await close(held);

    const paid = await openNew(DESK);
    const opened = await buyer.pay.prepay({ id: paid.id, channel: "sandbox", product: "page" });
    await shows(paid.page, "You have begun to pay");
    await payAtSandbox(opened.credential);
    await shows(paid.page, "The money has come. Thank you.");
    await admin.pay.refund({ id: paid.id, refundNo: `cashier-${paid.id}`, amount: PRICE });
    await shows(paid.page, "the money has gone back");
    await close(paid);
  });

  it("says that it is being found out where the order waits no more and money may come, and then that it has", async () => {
    const cashier = await openNew(DESK);
    const { page, id } = cashier;
    const { oid } = await buyer.pay.detail({ id });
    const { credential } = await buyer.pay.prepay({ id, channel: "sandbox", product: "page" });
    const silent = ["query.error-before", "close.error-before"].map((fault) => ({ fault, times: 100 }));
    await setSandboxFaults(mall.url, silent);
    await buyer.order.update({ id: oid, status: 9 });
    await shows(page, "it is still being found out");
    assert.doesNotMatch((await page.textContent("body")) ?? "", /fail/i);
    await checkLooks(page);
    await payAtSandbox(credential);
    await setSandboxFaults(mall.url, []);
    await buyer.pay.sync({ id });
    await shows(page, "The money has come. Thank you.");
    await close(cashier);
  });

  it("is drawn by its first answer, before anything else of it has come", async (t) => {
    const { url } = await newLink();
    const context = await browser.newContext(DESK);
    const page = await context.newPage();
    await slowDown(page);
    await page.goto(url);
    await page.getByRole("button", { name: "Sandbox" }).waitFor();
    const { painted, scriptCame, styles } = await page.evaluate(() => {
      const resources = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
      return {
        painted: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
        scriptCame: resources.find(({ name }) => name.includes("/assets/cashier-"))?.responseEnd ?? 0,
        styles: document.querySelectorAll("link[rel=stylesheet]").length,
      };
    });
    const told = `first paint after ${painted.toFixed(0)} ms, its script is there after ${scriptCame.toFixed(0)} ms`;
    t.diagnostic(`${SLOW.latency} ms and ${SLOW.kilobits} kbit/s: ${told}`);
    assert.equal(styles, 0, "a style of its own is another way there and back");
    assert.ok(painted > 0 && painted < scriptCame, `painted at ${painted}, the script came at ${scriptCame}`);
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(ground, "rgb(244, 245, 247)", "its policy lets its style in");
    await context.close();
  });

  it("says where a link is expired or is none", async () => {
    const { id, url } = await newLink();
    const expired = await open(DESK, expiredLink(mall, id));
    await shows(expired.page, "This link has expired");
    await checkLooks(expired.page);
    await close(expired);
    const cut = await open(PHONE, url.slice(0, -5));
    await shows(cut.page, "链接无效");
    await close(cut);
  });

  it("shows what people write as they wrote it, in colours that can be read", async () => {
    const cashier = await openNew(DESK, { subject: EVIL });
    const { page } = cashier;
    await shows(page, EVIL);
    assert.equal(await page.locator("h1").textContent(), THEME.Name);
    assert.equal(await page.evaluate(() => Reflect.get(window, "evil")), undefined);
    const button = page.getByRole("button", { name: "Alipay" });
    const colours = await button.evaluate((node) => [
      getComputedStyle(node).backgroundColor,
      getComputedStyle(node).color,
    ]);
    assert.deepEqual(colours, ["rgb(245, 196, 0)", "rgb(0, 0, 0)"]);
    await checkLooks(page);
    await close(cashier);
  });

  it("keeps its link to itself: no request, log or header has it", async () => {
    const { url } = await newLink();
    const context = await browser.newContext(DESK);
    const page = await context.newPage();
    const seen: string[] = [];
    page.on("request", (request) => seen.push(request.url(), request.headers().referer ?? ""));
    await page.goto(url);
    await page.getByRole("button", { name: "Sandbox" }).waitFor();
    const [, token = ""] = url.split("#");
    assert.deepEqual(
      seen.filter((text) => text.includes(token.slice(-20)) && !text.includes("#")),
      [],
    );
    await context.close();
  });

  it("works by keyboard alone", async () => {
    const cashier = await openNew(DESK);
    const { page } = cashier;
    await page.getByRole("button", { name: "Sandbox" }).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Go on to Sandbox" }).waitFor();
    await close(cashier);
  });

  it("says that the connection is lost, and takes it up again", async () => {
    const cashier = await openNew(DESK);
    const { page, id } = cashier;
    await page.getByRole("button", { name: "Sandbox" }).waitFor();
    await page.route("**/api/pay/cashier/**", (route) => route.abort());
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await shows(page, "No connection.");
    await buyer.pay.close({ id });
    await page.unroute("**/api/pay/cashier/**");
    await shows(page, "This payment is closed");
    assert.equal(await page.getByText("No connection.").count(), 0);
    await page.context().close();
  });
});

/** Has a page's network be slow from now on. */
async function slowDown(page: Page): Promise<void> {
  const devTools = await page.context().newCDPSession(page);
  const bytesPerSecond = (SLOW.kilobits * 1000) / 8;
  await devTools.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: SLOW.latency,
    downloadThroughput: bytesPerSecond,
    uploadThroughput: bytesPerSecond,
  });
}
