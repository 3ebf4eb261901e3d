import assert from "node:assert/strict";
import { before, describe, it, type TestContext } from "node:test";
import { preparePages } from "@mall/web/pages";
import { startTestMall, type TestMallOptions } from "./support/mall.ts";
import { gatewayUrls, newCustomer, personOfRole } from "./support/people.ts";
import { reasonOf } from "./support/refusals.ts";
import { openPay, orderOne, putUp } from "./support/shop.ts";

async function homeOf(t: TestContext, options: TestMallOptions, language = "en"): Promise<string> {
  const mall = await startTestMall(options);
  t.after(() => mall.stop());
  const answer = await fetch(mall.url, { headers: { "accept-language": language } });
  assert.equal(answer.status, 200);
  const page = await answer.text();
  for (const [, path = ""] of page.matchAll(/(?:href|src)="(\/[^"]*)"/g))
    assert.equal((await fetch(`${mall.url}${path}`)).status, 200, path);
  return page;
}

describe("the home page of a mall", () => {
  before(() => preparePages(() => {}));

  it("tells who tries the mall where to go, how to buy and how to become admin", async (t) => {
    const devServer = { Port: 0, Host: "127.0.0.1" };
    const page = await homeOf(t, { blocks: { DevServer: devServer } });
    assert.match(page, /<html lang="en">/);
    assert.match(page, /running, in mode dev/);
    for (const text of ["/docs", "npx mall demo", "npx mall admin", "/api/user/register"])
      assert.ok(page.includes(text), text);
    const [, metrics = ""] = /href="(http:[^"]+)"/.exec(page) ?? [];
    assert.match(await (await fetch(metrics)).text(), /^# HELP/);
  });

  it("is Chinese for who reads that rather", async (t) => {
    const page = await homeOf(t, {}, "fr, zh-TW;q=0.9, en;q=0.8");
    assert.match(page, /<html lang="zh-CN">/);
    assert.match(page, /商城运行中/);
  });

  it("tells in mode pro only what is everybody's", async (t) => {
    const page = await homeOf(t, { mode: "pro", blocks: { DevServer: { Port: 0, Host: "127.0.0.1" } } });
    assert.doesNotMatch(page, /admin|npx|metrics|mode/);
    assert.match(page, /href="\/docs"/);
  });

  it("is not there where the configuration wants none", async (t) => {
    const mall = await startTestMall({ blocks: { Pages: false } });
    t.after(() => mall.stop());
    assert.equal((await fetch(mall.url)).status, 404);
  });
});

describe("links to the cashier of a mall that listens on all addresses", () => {
  before(() => preparePages(() => {}));

  async function askLink(
    t: TestContext,
    options: TestMallOptions,
  ): Promise<{ port: string; link: Promise<string> }> {
    const mall = await startTestMall({ ...options, blocks: { Host: "0.0.0.0", ...options.blocks } });
    t.after(() => mall.stop());
    const { port } = new URL(mall.url);
    const urls = gatewayUrls(`http://127.0.0.1:${port}`);
    const buyer = await newCustomer(urls);
    const id = await openPay(buyer, await orderOne(buyer, await putUp(personOfRole(urls, "admin"), 1)));
    return { port, link: buyer.pay.cashier({ id }).then(({ url }) => url) };
  }

  it("lead, while it is tried, to its own machine", async (t) => {
    const { port, link } = await askLink(t, {});
    const url = await link;
    assert.ok(url.startsWith(`http://127.0.0.1:${port}/cashier#`), url);
    assert.equal((await fetch(url)).status, 200);
  });

  it("are not given in earnest, until its owner has said how buyers reach it", async (t) => {
    const { link } = await askLink(t, { mode: "pro" });
    assert.equal(await reasonOf(link), "CASHIER_UNSERVED");
    const known = { Pay: { Cashier: { PublicUrl: "https://pay.shop.example" } } };
    const told = await askLink(t, { mode: "pro", blocks: known });
    assert.match(await told.link, /^https:\/\/pay\.shop\.example\/cashier#/);
  });
});
