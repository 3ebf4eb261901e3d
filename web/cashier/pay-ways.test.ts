import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isFollowed, payWays } from "./pay-ways.ts";
import { textsFor } from "./texts.ts";
import { applyTheme } from "./theme.ts";

const { texts } = textsFor(["en-GB"]);
const WECHAT = { name: "wechat", source: 2, products: ["jsapi", "qr", "h5", "app"] };

describe("the ways to pay", () => {
  test("are what a device can do best: a code on a desk, the channel's page on a phone", () => {
    const alipay = { name: "alipay", source: 1, products: ["page", "wap", "qr"] };
    const productsOn = (device: "desk" | "phone") =>
      payWays([alipay, WECHAT], device, texts).map(({ channel, product }) => `${channel} ${product}`);
    assert.deepEqual(productsOn("desk"), ["alipay qr", "wechat qr"]);
    assert.deepEqual(productsOn("phone"), ["alipay wap", "wechat h5"]);
  });

  test("are none where a channel needs its own app or a form of the shop's", () => {
    assert.deepEqual(payWays([{ ...WECHAT, products: ["jsapi", "app", "intent"] }], "phone", texts), []);
  });

  test("say which account where a channel has several, and a channel's own name where it is not known", () => {
    const labels = payWays(
      [WECHAT, { ...WECHAT, name: "wechat-eu" }, { ...WECHAT, name: "other", source: 77 }],
      "desk",
      texts,
    ).map(({ label }) => label);
    assert.deepEqual(labels, ["WeChat Pay · wechat", "WeChat Pay · wechat-eu", "other"]);
  });

  test("lead to pages and to the channels' apps, and never to a script", () => {
    for (const url of [
      "https://pay.example/a",
      "http://127.0.0.1/",
      "weixin://wxpay/x",
      "alipays://platformapi/",
    ])
      assert.ok(isFollowed(url), url);
    for (const url of [
      "javascript:alert(1)",
      "data:text/html,x",
      " javascript:alert(1)",
      "file:///etc/passwd",
    ])
      assert.ok(!isFollowed(url), url);
  });
});

test("a browser's first language of ours is taken, English where it has none", () => {
  const languageOf = (languages: string[]) => textsFor(languages).language;
  assert.deepEqual([["zh-TW", "en"], ["fr", "zh"], ["en-US", "zh"], ["fr"], []].map(languageOf), [
    "zh-CN",
    "zh-CN",
    "en",
    "en",
    "en",
  ]);
});

test("the text on a shop's colour is black or white, whichever is read better", () => {
  const colours = (color: string) => {
    const set: Record<string, string> = {};
    applyTheme(color, { setProperty: (name, value) => Object.assign(set, { [name]: value }) });
    return set;
  };
  assert.deepEqual(colours("#f5c400"), { "--accent": "#f5c400", "--on-accent": "#000" });
  assert.deepEqual(colours("#0b7a4b"), { "--accent": "#0b7a4b", "--on-accent": "#fff" });
  assert.deepEqual(colours(""), {});
});
