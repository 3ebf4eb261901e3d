import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createUserHttpClient } from "@mall/user/api";
import { preparePages } from "@mall/web/pages";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { launchBrowser, openWatched, type WatchedPage, whyNoBrowser } from "./support/browser.ts";
import { axeFindings, startCashierMall } from "./support/cashier.ts";
import { startTestMall, type TestMall } from "./support/mall.ts";
import { gatewayUrls, newMobile, PASSWORD, type Person, personWithToken } from "./support/people.ts";
import { orderOne } from "./support/shop.ts";

const PHONE = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true, locale: "zh-CN" };
const DESK: BrowserContextOptions = {
  viewport: { width: 1440, height: 900 },
  locale: "en-US",
  colorScheme: "dark",
};
/** What a shop may put where the page shows texts. */
const EVIL = `<img src=x onerror="window.evil=1"><script>window.evil=1</script>"'&`;

describe("the shop", { skip: whyNoBrowser() ?? false }, () => {
  let mall: TestMall;
  let browser: Browser;

  before(async () => {
    mall = await startCashierMall({});
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await mall?.stop();
  });

  const open = (options: BrowserContextOptions): Promise<WatchedPage> =>
    openWatched(browser, options, {
      url: `${mall.url}/shop`,
      mayAsk: (asked) =>
        (asked.startsWith(mall.url) || asked.startsWith("data:")) && !asked.includes(PASSWORD),
    });
  const close = async ({ page, problems }: WatchedPage): Promise<void> => {
    await page.context().close();
    assert.deepEqual(problems, []);
  };
  const shows = (page: Page, text: string | RegExp): Promise<void> =>
    page.getByText(text).first().waitFor({ state: "visible" });
  const checkLooks = async (page: Page): Promise<void> => {
    assert.deepEqual(await axeFindings(page), []);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `the page is ${overflow} px wider than the screen`);
  };
  const signUp = async (page: Page, mobile = newMobile()): Promise<string> => {
    await page.getByLabel("Name").fill("ving");
    await page.getByLabel("Mobile number").fill(mobile);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Products" }).waitFor();
    return mobile;
  };
  const putUp = async (
    more: { name?: string; stock?: number } = {},
  ): Promise<{ pid: number; name: string }> => {
    const name = more.name ?? `tea ${newMobile()}`;
    const { stock = 9 } = more;
    const { id } = await admin.product.create({ name, desc: EVIL, stock, amount: 500, status: 0 });
    return { pid: id, name };
  };
  let admin: Person;

  it("lets the first who comes put up samples, buy one on a phone, pay it, and see it paid", async () => {
    const shop = await open(PHONE);
    const { page } = shop;
    const mobile = newMobile();
    await page.getByLabel("姓名").fill("ving");
    await page.getByLabel("手机号").fill(mobile);
    await page.getByLabel("密码").fill(PASSWORD);
    await checkLooks(page);
    await page.getByRole("button", { name: "注册", exact: true }).click();
    await page.getByRole("button", { name: "上架几件示例商品" }).click();
    const buy = page.getByRole("button", { name: "购买绿茶 250 克" });
    await buy.waitFor();
    await checkLooks(page);
    await buy.dblclick({ noWaitAfter: true });
    await page.waitForURL(/\/cashier#/);
    await shows(page, "绿茶 250 克");
    await page.getByRole("button", { name: "沙箱" }).click();
    await page.waitForURL(/\/sandbox\/cashier\//);
    await page.getByRole("button", { name: "确认支付" }).click();
    await shows(page, "已支付");
    await page.goBack();
    await page.getByRole("link", { name: "返回商家" }).click();
    await page.waitForURL(`${mall.url}/shop#/orders`);
    await shows(page, "已支付");
    assert.equal(await page.getByRole("listitem").count(), 1, "a double click is one order");
    await page.getByRole("link", { name: "查看这笔支付的全部经过" }).waitFor();
    await checkLooks(page);
    assert.equal(await page.evaluate(() => document.cookie), "");
    await close(shop);
    admin = await whoSignsIn(mall, mobile);
  });

  it("is one purchase where the answer was lost, by a mouse or by a keyboard", async () => {
    const { pid, name } = await putUp();
    const shop = await open(DESK);
    const { page } = shop;
    const buyer = await whoSignsIn(mall, await signUp(page));
    await page.route(
      "**/api/order/create",
      async (route) => {
        await route.fetch();
        await route.abort();
      },
      { times: 1 },
    );
    const buy = page.getByRole("button", { name: `Buy ${name}` });
    await buy.focus();
    await page.keyboard.press("Enter");
    await shows(page, "nothing is bought twice");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/cashier#/);
    assert.equal((await buyer.order.list({ uid: buyer.uid })).length, 1);
    assert.equal((await admin.product.detail({ id: pid })).stock, 8);
    await page.goBack();
    await page.getByRole("link", { name: "My orders" }).click();
    await shows(page, "Waiting for payment");
    await page.getByRole("button", { name: /^Pay: / }).click();
    await page.waitForURL(/\/cashier#/);
    await page.goBack();
    await page.getByRole("button", { name: /^Cancel the order/ }).click();
    await shows(page, "Cancelled");
    await checkLooks(page);
    await close(shop);
  });

  it("says what is so where somebody else was faster, and shows what people write as they wrote it", async () => {
    const { pid, name } = await putUp({ name: EVIL, stock: 1 });
    const shop = await open(DESK);
    const { page } = shop;
    await signUp(page);
    await shows(page, "1 left");
    await orderOne(admin, pid);
    await page.getByRole("button", { name: `Buy ${name}` }).click();
    await shows(page, "Somebody was faster");
    await shows(page, "Sold out");
    assert.equal(await page.getByRole("heading", { name: EVIL }).count(), 1);
    assert.equal(await page.evaluate(() => Reflect.get(window, "evil")), undefined);
    await checkLooks(page);
    await close(shop);
  });

  it("refuses a wrong password and a number that is taken, and asks again whose session has ended", async () => {
    const shop = await open(DESK);
    const { page } = shop;
    const mobile = await signUp(page);
    await page.context().clearCookies();
    await page.getByRole("link", { name: "My orders" }).click();
    await shows(page, "Your session has ended");
    await page.getByLabel("Mobile number").fill(mobile);
    await page.getByLabel("Password").fill("another");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await shows(page, "The mobile number or the password is wrong.");
    await checkLooks(page);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await shows(page, "You have not ordered anything yet.");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("Name").fill("ving");
    await page.getByLabel("Mobile number").fill(mobile);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign up", exact: true }).click();
    await shows(page, "There is an account with this number");
    await close(shop);
  });

  it("lets nobody into the console who is not staff", async () => {
    const shop = await open(DESK);
    await signUp(shop.page);
    const told = await shop.page.evaluate(async () => {
      const answer = await fetch("/api/console/session", { headers: { "x-mall-session": "active" } });
      return answer.json();
    });
    assert.equal(told, null);
    await close(shop);
  });

  it("is not there in mode pro, unless the configuration wants it", async () => {
    await preparePages(() => {});
    for (const [Enabled, status] of [
      [undefined, 404],
      [true, 200],
    ] as const) {
      const earnest = await startTestMall({ mode: "pro", blocks: { Shop: { Enabled } } });
      const [page, session] = await Promise.all(
        ["/shop", "/api/shop/session"].map((path) =>
          fetch(earnest.url + path, { headers: { "x-mall-session": "active" } }),
        ),
      );
      await earnest.stop();
      assert.deepEqual([page?.status, session?.status], [status, status]);
    }
  });
});

/** The same person by the apis. */
async function whoSignsIn(mall: TestMall, mobile: string): Promise<Person> {
  const urls = gatewayUrls(mall.url);
  const visitor = createUserHttpClient({ baseUrl: mall.url });
  const { accessToken } = await visitor.login({ mobile, password: PASSWORD });
  const { id } = await createUserHttpClient({ baseUrl: mall.url, token: accessToken }).userInfo();
  return personWithToken(urls, id, accessToken);
}
