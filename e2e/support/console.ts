import assert from "node:assert/strict";
import { until } from "@mall/kit/testing";
import { createUserHttpClient } from "@mall/user/api";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { launchBrowser, openWatched, type WatchedPage } from "./browser.ts";
import { startCashierMall } from "./cashier.ts";
import type { TestMall } from "./mall.ts";
import { gatewayUrls, newMobile, PASSWORD, type Person, personWithToken } from "./people.ts";
import { payAtSandbox } from "./sandbox.ts";
import { openPay, orderOne, PRICE, putUp, success } from "./shop.ts";

export const DESK = { viewport: { width: 1440, height: 900 }, locale: "en-US" };
export const PHONE = {
  viewport: { width: 390, height: 800 },
  hasTouch: true,
  isMobile: true,
  locale: "zh-CN",
};
/** What people and channels may write where the console shows texts. */
export const EVIL = `<img src=x onerror="window.evil=1"><script>window.evil=1</script>"'&`;
/** Whoever gives more than this back needs a second person, minor units. */
const ABOVE = 450;
const WAIT = { withinMs: 60_000 };

/** Somebody who can sign in at the console. */
export interface Member extends Person {
  readonly mobile: string;
}

/** A mall with a console that is looked at, and what happens at it. */
export class ConsoleScene {
  readonly mall: TestMall;
  readonly admin: Member;
  readonly buyer: Member;
  readonly pid: number;
  readonly #browser: Browser;

  private constructor(parts: Pick<ConsoleScene, "mall" | "admin" | "buyer" | "pid">, browser: Browser) {
    this.mall = parts.mall;
    this.admin = parts.admin;
    this.buyer = parts.buyer;
    this.pid = parts.pid;
    this.#browser = browser;
  }

  /** `settings`: of the configuration's block for the console; `pay`: of that of the pay service. */
  static async start(settings: object = {}, pay: object = {}): Promise<ConsoleScene> {
    const mall = await startCashierMall({}, { Approval: { Above: ABOVE }, ...pay }, { Console: settings });
    try {
      // The first user of a fresh mall is its admin.
      const admin = await newMember(mall);
      const buyer = await newMember(mall);
      const pid = await putUp(admin, 1000);
      return new ConsoleScene({ mall, admin, buyer, pid }, await launchBrowser());
    } catch (error) {
      await mall.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await this.mall.stop();
  }

  /** Somebody with a role: 0 customer, 1 staff, 2 admin. */
  async newMember(role: number): Promise<Member> {
    const member = await newMember(this.mall);
    await this.admin.user.role({ id: member.uid, role });
    return member;
  }

  async newPayment(): Promise<{ readonly id: number; readonly oid: number }> {
    const oid = await orderOne(this.buyer, this.pid);
    return { id: await openPay(this.buyer, oid), oid };
  }

  async newPaid(): Promise<{ readonly id: number; readonly outTradeNo: string }> {
    const { id } = await this.newPayment();
    const { outTradeNo, credential } = await this.buyer.pay.prepay({
      id,
      channel: "sandbox",
      product: "page",
    });
    await payAtSandbox(credential);
    await until("it is paid", async () => (await this.admin.pay.detail({ id })).status === 1, WAIT);
    return { id, outTradeNo };
  }

  /** A payment for which another amount came. */
  async newHeld(): Promise<number> {
    const { id, oid } = await this.newPayment();
    await this.admin.pay.callback({ ...success({ id, uid: this.buyer.uid, oid }), amount: PRICE - 100 });
    return id;
  }

  /** The console, before anybody has signed in. */
  open(options: BrowserContextOptions, path = ""): Promise<WatchedPage> {
    const { url } = this.mall;
    return openWatched(this.#browser, options, {
      url: `${url}/console${path}`,
      mayAsk: (asked) => (asked.startsWith(url) || /^(data|blob):/.test(asked)) && !asked.includes(PASSWORD),
    });
  }

  async openAs(member: Member, options: BrowserContextOptions, path = ""): Promise<WatchedPage> {
    const opened = await this.open(options, path);
    await signIn(opened.page, member);
    await opened.page.locator("main#content h1").waitFor();
    return opened;
  }
}

/** Ends a page of which nothing must have gone wrong. */
export async function closeWatched({ page, problems }: WatchedPage): Promise<void> {
  await page.context().close();
  assert.deepEqual(problems, []);
}

export async function signIn(
  page: Page,
  { mobile, password = PASSWORD }: { readonly mobile: string; readonly password?: string },
): Promise<void> {
  await page.locator("input[autocomplete=username]").fill(mobile);
  await page.locator("input[type=password]").fill(password);
  await page.locator("button[type=submit]").click();
}

/** Without loading everything again, as the links of the page do. */
export async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState(null, "", to);
    dispatchEvent(new PopStateEvent("popstate"));
  }, path);
  await page.locator("main#content h1").waitFor();
  await page.locator("main#content .loading").waitFor({ state: "detached" });
}

/** No part of the page is beside the screen. */
export async function checkWidth(page: Page, path: string): Promise<void> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(overflow <= 0, `${path} is ${overflow} px wider than the screen`);
}

export function rowOf(page: Page, key: string | number): Locator {
  return page.locator(`.ant-table-row[data-row-key="${key}"]`);
}

export async function confirm(page: Page, name: string): Promise<void> {
  await page.getByRole("dialog").locator("footer").getByRole("button", { name }).click();
}

async function newMember(mall: TestMall): Promise<Member> {
  const visitor = createUserHttpClient({ baseUrl: mall.url });
  const mobile = newMobile();
  const { id } = await visitor.register({ name: EVIL, gender: 1, mobile, password: PASSWORD });
  const { accessToken } = await visitor.login({ mobile, password: PASSWORD });
  return { ...personWithToken(gatewayUrls(mall.url), id, accessToken), mobile };
}
