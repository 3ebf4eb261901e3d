import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type RunningSimulator, startSimulator } from "@mall/channel-sim";
import { checkConfig } from "@mall/kit/config";
import { silentLogger } from "@mall/kit/log";
import { systemRuntime } from "@mall/kit/runtime";
import { createTestFolder, freePort } from "@mall/kit/testing";
import { channelsConfig } from "@mall/pay/channels";
import { checkChannels } from "./check-channels.ts";

const DAY_MS = 24 * 3_600_000;

describe("mall doctor and the accounts at channels", () => {
  let simulator: RunningSimulator;
  /** What the address of notifications answers. */
  let answer = { status: 401, body: '{"reason":"NOTIFY_FORGED"}' };
  const mall = createServer((_request, response) => {
    response.writeHead(answer.status).end(answer.body);
  });
  let notifyUrl: string;

  before(async () => {
    const common = { runtime: systemRuntime, log: silentLogger, publicUrl: "", speed: 1 };
    simulator = await startSimulator({ ...common, host: "127.0.0.1", port: 0, dataDir: createTestFolder() });
    await new Promise<void>((resolve) => mall.listen(0, "127.0.0.1", resolve));
    const address = mall.address();
    assert.ok(address !== null && typeof address === "object");
    notifyUrl = `http://127.0.0.1:${address.port}/api/pay/notify/wechat`;
  });
  after(async () => {
    mall.close();
    await simulator.stop();
  });

  const read = (name: string): string => readFileSync(join(simulator.merchantDir, "wechat", name), "utf8");
  /** The findings about the simulator's merchant, with another key or other values; levels and what they tell. */
  const look = async (key: object = {}, values: object = {}, currency = "CNY") => {
    const merchant = JSON.parse(read("merchant.json"));
    const Keys = {
      MerchantKeys: [{ Serial: merchant.serial, PrivateKey: read("private-key.pem"), ...key }],
      ApiV3Keys: [{ Key: merchant.apiV3Key }],
      PublicKeys: [{ Id: merchant.publicKeyId, Key: read("public-key.pem") }],
    };
    const own = {
      MchId: merchant.mchid,
      AppId: merchant.appid,
      Gateway: simulator.url,
      NotifyUrl: notifyUrl,
    };
    const config = checkConfig("test", { WechatPay: [{ ...own, Keys, ...values }] }, channelsConfig);
    const findings = await checkChannels(config, currency, systemRuntime);
    return findings.map(({ level, what, fix }) => {
      assert.equal(fix === undefined, level === "ok", what);
      return `${level}: ${what}`;
    });
  };

  it("finds nothing wrong where the channel knows the account, and notifications reach a mall", async () => {
    assert.deepEqual(await look(), [
      "ok: channel wechat: knows the account, and its keys fit",
      `ok: channel wechat: its NotifyUrl ${notifyUrl} leads to a mall`,
    ]);
    const none = checkConfig("test", {}, channelsConfig);
    assert.deepEqual(await checkChannels(none, "EUR", systemRuntime), []);
  });

  it("says where no channel takes what new payments are in", async () => {
    assert.equal((await look({}, {}, "EUR")).at(-1), "fail: no channel takes EUR, what new payments are in");
    const config = checkConfig(
      "test",
      { Sandbox: { Gateway: simulator.url, NotifyUrl: notifyUrl, Secret: "of the two sides" } },
      channelsConfig,
    );
    const found = await checkChannels(config, "EUR", systemRuntime);
    assert.ok(found.every(({ what }) => !what.includes("EUR")));
  });

  it("says where the key is not the account's, or nobody answers", async () => {
    const { privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
      publicKeyEncoding: { type: "spki", format: "pem" },
    });
    const [stranger] = await look({ PrivateKey: privateKey });
    assert.match(stranger ?? "", /^fail: channel wechat (refuses the account: SIGN_ERROR|gives no answer)/);
    const [nobody] = await look({}, { Gateway: `http://127.0.0.1:${await freePort()}` });
    assert.match(nobody ?? "", /^fail: channel wechat gives no answer that can be believed/);
  });

  it("warns a month before keys end, and fails once they have", async () => {
    const endIn = (days: number): object => ({
      NotAfter: new Date(Date.now() + days * DAY_MS).toISOString(),
    });
    assert.match((await look(endIn(29)))[1] ?? "", /^warn: .* ends on 20/);
    assert.match((await look(endIn(60)))[1] ?? "", /^ok: channel wechat: its keys last until 20/);
    const [account, keys] = await look(endIn(-1));
    assert.match(account ?? "", /^fail: .*none of the merchant's keys may be used now/);
    assert.match(keys ?? "", /^fail: .* ended on 20/);
  });

  it("warns where notifications lead to nobody, or to somebody else", async (t) => {
    t.after(() => {
      answer = { status: 401, body: '{"reason":"NOTIFY_FORGED"}' };
    });
    answer = { status: 404, body: "<html>" };
    assert.match(
      (await look()).at(-1) ?? "",
      /^warn: .* answers with 404, as no mall with this account does$/,
    );
    const away = `http://127.0.0.1:${await freePort()}/notify`;
    assert.match(
      (await look({}, { NotifyUrl: away })).at(-1) ?? "",
      /^warn: .* cannot be reached from here$/,
    );
  });
});
