import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { until } from "@mall/kit/testing";
import { createUserHttpClient } from "@mall/user/api";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { launchBrowser, openWatched, type WatchedPage, whyNoBrowser } from "./support/browser.ts";
import { axeFindings, startCashierMall } from "./support/cashier.ts";
import type { TestMall } from "./support/mall.ts";
import { gatewayUrls, newMobile, PASSWORD, type Person, personWithToken } from "./support/people.ts";
import { payAtSandbox } from "./support/sandbox.ts";
import { openPay, orderOne, PRICE, putUp, success } from "./support/shop.ts";

const DESK = { viewport: { width: 1440, height: 900 }, locale: "en-US" };
const PHONE = { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true, locale: "zh-CN" };
/** Whoever gives more than this back needs a second person, minor units. */
const ABOVE = 450;
/** What people and channels may write where the console shows texts. */
const EVIL = `<img src=x onerror="window.evil=1"><script>window.evil=1</script>"'&`;

interface Member extends Person {
  readonly mobile: string;
}

describe("the console", { skip: whyNoBrowser() ?? false }, () => {
  let mall: TestMall;
  let browser: Browser;
  let admin: Member;
  let buyer: Member;
  let pid: number;

  before(async () => {
    mall = await startCashierMall({}, { Approval: { Above: ABOVE } });
    browser = await launchBrowser();
    // The first user of a fresh mall is its admin.
    admin = await newMember(mall);
    buyer = await newMember(mall);
    pid = await putUp(admin, 1000);
  });
  after(async () => {
    await browser?.close();
    await mall?.stop();
  });

  const newPayment = async (): Promise<{ readonly id: number; readonly oid: number }> => {
    const oid = await orderOne(buyer, pid);
    return { id: await openPay(buyer, oid), oid };
  };
  const newPaid = async (): Promise<{ readonly id: number; readonly outTradeNo: string }> => {
    const { id } = await newPayment();
    const { outTradeNo, credential } = await buyer.pay.prepay({ id, channel: "sandbox", product: "page" });
    await payAtSandbox(credential);
    await until("it is paid", async () => (await admin.pay.detail({ id })).status === 1, {
      withinMs: 60_000,
    });
    return { id, outTradeNo };
  };
  const newHeld = async (): Promise<number> => {
    const { id, oid } = await newPayment();
    await admin.pay.callback({ ...success({ id, uid: buyer.uid, oid }), amount: PRICE - 100 });
    return id;
  };
  const open = (options: BrowserContextOptions, path = ""): Promise<WatchedPage> =>
    openWatched(browser, options, {
      url: `${mall.url}/console${path}`,
      mayAsk: (url) => (url.startsWith(mall.url) || /^(data|blob):/.test(url)) && !url.includes(PASSWORD),
    });
  const openAs = async (member: Member, options: BrowserContextOptions, path = ""): Promise<WatchedPage> => {
    const opened = await open(options, path);
    await signIn(opened.page, member);
    await opened.page.locator("main#content h1").waitFor();
    return opened;
  };

  it("lets an admin in, finds a payment by its channel's number, and shows all that happened to it", async () => {
    const { id } = await newPaid();
    const { events } = await admin.pay.timeline({ id });
    const numbers = events.flatMap(({ facts }) => facts).filter(({ name }) => name === "channelTradeNo");
    const console = await openAs(admin, DESK);
    const { page } = console;
    await page.getByRole("searchbox", { name: "Find a payment" }).fill(numbers[0]?.value ?? "");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: `Open payment ${id}`, exact: true }).click();
    await page.getByRole("heading", { name: `Payment ${id}` }).waitFor();
    const line = page.getByRole("listitem");
    for (const text of [
      "Payment created CN¥5.00",
      "Attempt succeeded",
      "Notification came in",
      "Books posted",
    ])
      await line.filter({ hasText: text }).first().waitFor();
    await page
      .getByRole("button", { name: /^Show Body/ })
      .first()
      .click();
    await page.locator("pre").first().waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await close(console);
  });

  it("keeps its session from scripts, and ends it when somebody signs out", async () => {
    const console = await openAs(admin, DESK);
    const { page } = console;
    assert.equal(await page.evaluate(() => document.cookie), "");
    const stored = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
    assert.doesNotMatch(stored, /eyJ/);
    const [cookie] = await page.context().cookies();
    assert.deepEqual([cookie?.httpOnly, cookie?.sameSite], [true, "Strict"]);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "mall console" }).waitFor();
    assert.deepEqual(await page.context().cookies(), []);
    const headers = { cookie: `${cookie?.name}=${cookie?.value}`, "x-mall-session": "active" };
    const answer = await fetch(`${mall.url}/api/pay/list`, { method: "POST", headers });
    assert.equal(answer.status, 401);
    await close(console);
  });

  it("tells a customer plainly that it is not for them, and leaves no session", async () => {
    const console = await open(DESK);
    const { page } = console;
    await signIn(page, { ...buyer, password: "wrong password" });
    await page.getByText("The mobile number or the password is wrong.").waitFor();
    await signIn(page, buyer);
    await page.getByText("The console is for staff and admins only.").waitFor();
    assert.deepEqual(await page.context().cookies(), []);
    assert.deepEqual(await axeFindings(page), []);
    await close(console);
  });

  it("starts with what waits for a person, and has pages that everybody can use, in both languages", async () => {
    const id = await newHeld();
    for (const [options, heading] of [
      [DESK, "To do"],
      [PHONE, "待办"],
    ] as const) {
      const console = await openAs(admin, options);
      const { page } = console;
      await page.getByRole("heading", { name: heading, exact: true }).waitFor();
      await page.locator(`a[href="/console/payments/${id}"]`).waitFor();
      const places = await page
        .locator("nav a")
        .evaluateAll((links) => links.map((link) => link.getAttribute("href")));
      for (const place of [...new Set(places)]) {
        await goTo(page, place ?? "");
        assert.deepEqual(await axeFindings(page), [], place ?? "");
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(overflow <= 0, `${place} is ${overflow} px wider than the screen`);
      }
      await close(console);
    }
  });

  it("writes a list into a file that no spreadsheet takes for formulas", async () => {
    const { id } = await newPaid();
    const reason = '=HYPERLINK("http://evil.example")';
    await admin.pay.refund({ id, refundNo: `csv-${id}`, amount: 1, reason });
    const console = await openAs(admin, DESK, "/refunds");
    const { page } = console;
    await page.getByText(`csv-${id}`).first().waitFor();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Export CSV" }).click(),
    ]);
    const text = await readFile(await download.path(), "utf8");
    assert.ok(text.includes(`csv-${id},`), text);
    assert.ok(text.includes(`"'=HYPERLINK(""http://evil.example"")"`), text);
    await close(console);
  });

  it("changes a stock by difference", async () => {
    const fresh = await putUp(admin, 10);
    const console = await openAs(admin, DESK, "/products");
    const { page } = console;
    await page.getByRole("button", { name: "Change the stock" }).first().click();
    await page.getByLabel("Pieces that come, or below zero go").fill("-4");
    await page.getByRole("row", { name: "苹果 10 6" }).waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Change the stock" }).click();
    await until(
      "the stock has changed",
      async () => (await admin.product.detail({ id: fresh })).stock === 6,
      {
        withinMs: 60_000,
      },
    );
    await close(console);
  });

  it("gives a part of a payment back, after a look at what follows", async () => {
    const { id } = await newPaid();
    const console = await openAs(admin, DESK, `/payments/${id}`);
    const { page } = console;
    await page.getByRole("button", { name: "Refund" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Amount to give back (CNY)").fill("2");
    await dialog.getByLabel(/^Reason/).fill(EVIL);
    await dialog.getByText("CN¥2.00 goes back to the buyer").waitFor();
    await dialog.getByRole("row", { name: /CN¥5.00 CN¥3.00/ }).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await dialog.getByRole("button", { name: "Refund" }).click();
    await page.getByRole("listitem").filter({ hasText: "Refund asked for CN¥2.00" }).waitFor();
    await page.getByText(EVIL).first().waitFor();
    assert.equal(await page.evaluate(() => Reflect.get(window, "evil")), undefined);
    const { refundedAmount, refundingAmount } = await admin.pay.detail({ id });
    assert.equal(refundedAmount + refundingAmount, 200);
    await close(console);
  });

  it("has a second person approve what is above the limit, and nobody before", async () => {
    const { id } = await newPaid();
    const asking = await openAs(admin, DESK, `/payments/${id}`);
    await asking.page.getByRole("button", { name: "Refund" }).click();
    await asking.page.getByRole("dialog").getByRole("button", { name: "Refund" }).click();
    await asking.page.getByText("Nothing has happened yet: a second person is asked.").waitFor();
    await asking.page.getByText("You asked for it, so somebody else has to approve it.").waitFor();
    assert.equal(await asking.page.getByRole("button", { name: "Approve" }).count(), 0);
    assert.deepEqual(await axeFindings(asking.page), []);
    await close(asking);
    assert.equal((await admin.pay.detail({ id })).refundingAmount, 0);
    const second = await newMember(mall);
    await admin.user.role({ id: second.uid, role: 1 });
    const deciding = await openAs(second, DESK, "/approvals?status=0");
    const { page } = deciding;
    await page.getByRole("button", { name: "Approve" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("goes back to the buyer by the channel that brought it.").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await dialog.getByRole("button", { name: "Approve" }).click();
    await page.getByText("Nothing matches.").waitFor();
    await until("it goes back", async () => (await admin.pay.detail({ id })).status === 3, {
      withinMs: 60_000,
    });
    await close(deciding);
  });

  it("resolves held money, in Chinese and on a phone", async () => {
    const id = await newHeld();
    const console = await openAs(admin, PHONE, `/payments/${id}`);
    const { page } = console;
    assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
    assert.deepEqual(await axeFindings(page), []);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `the page is ${overflow} px wider than the screen`);
    await page.getByRole("button", { name: "退回款项" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "退回款项" }).click();
    await page.getByRole("heading", { name: `支付 ${id}` }).waitFor();
    await page.locator(".list-top").getByText("已关闭").waitFor();
    assert.equal((await admin.pay.detail({ id })).status, 2);
    await close(console);
  });
});

async function close({ page, problems }: WatchedPage): Promise<void> {
  await page.context().close();
  assert.deepEqual(problems, []);
}

async function newMember(mall: TestMall): Promise<Member> {
  const visitor = createUserHttpClient({ baseUrl: mall.url });
  const mobile = newMobile();
  const { id } = await visitor.register({ name: EVIL, gender: 1, mobile, password: PASSWORD });
  const { accessToken } = await visitor.login({ mobile, password: PASSWORD });
  return { ...personWithToken(gatewayUrls(mall.url), id, accessToken), mobile };
}

/** Without loading everything again, as the links of the page do. */
async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState(null, "", to);
    dispatchEvent(new PopStateEvent("popstate"));
  }, path);
  await page.locator("main#content h1").waitFor();
  await page.locator("main#content .loading").waitFor({ state: "detached" });
}

async function signIn(
  page: Page,
  { mobile, password = PASSWORD }: { readonly mobile: string; readonly password?: string },
): Promise<void> {
  await page.locator("input[autocomplete=username]").fill(mobile);
  await page.locator("input[type=password]").fill(password);
  await page.locator("button[type=submit]").click();
}
