import assert from "node:assert/strict";
import { before, describe, it, type TestContext } from "node:test";
import { preparePages } from "@mall/web/pages";
import { startTestMall, type TestMallOptions } from "./support/mall.ts";

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
