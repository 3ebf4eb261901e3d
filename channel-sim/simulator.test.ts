import assert from "node:assert/strict";
import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import { systemRuntime } from "@mall/kit/runtime";
import { until } from "@mall/kit/testing";
import { makeWechat } from "./credentials/make-wechat.ts";
import { startTestSimulator } from "./test-simulator.ts";

const wechat = await makeWechat(systemRuntime, { mchid: "1900000001", mode: "certificate" });
const { simulator, url, close } = await startTestSimulator({
  alipay: [],
  stripe: [],
  wechat: [wechat.account],
});
const { mchid, appid } = wechat.merchant;

/** Status to answer the next notification with; 204 when there are no more. */
const answers: number[] = [];
const received: { readonly id: string; readonly event_type: string }[] = [];
const shop = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  received.push(JSON.parse(Buffer.concat(chunks).toString("utf8")));
  response.writeHead(answers.shift() ?? 204).end();
});

before(() => new Promise<void>((resolve) => shop.listen(0, "127.0.0.1", resolve)));
after(async () => {
  shop.closeAllConnections();
  shop.close();
  await close();
});

let orders = 0;

async function ask(method: string, path: string, body?: object, key = wechat.merchant.privateKey) {
  const text = body === undefined ? "" : JSON.stringify(body);
  const [timestamp, nonce] = [Math.floor(Date.now() / 1000), randomBytes(16).toString("hex")];
  const signed = `${method}\n${path}\n${timestamp}\n${nonce}\n${text}\n`;
  const signature = sign("sha256", Buffer.from(signed), key).toString("base64");
  const parts = `mchid="${mchid}",serial_no="${wechat.merchant.serial}",timestamp="${timestamp}",nonce_str="${nonce}",signature="${signature}"`;
  const headers = { authorization: `WECHATPAY2-SHA256-RSA2048 ${parts}`, "content-type": "application/json" };
  const answer = await fetch(url + path, { method, headers, ...(text !== "" && { body: text }) });
  const said = await answer.text();
  return { status: answer.status, headers: answer.headers, body: said === "" ? undefined : JSON.parse(said) };
}

async function order(more: object = {}): Promise<string> {
  orders += 1;
  const out_trade_no = `order-${orders}`;
  const { port } = shop.address() as AddressInfo;
  const notify_url = `http://127.0.0.1:${port}/`;
  const amount = { total: 100, currency: "CNY" };
  const wanted = { appid, mchid, description: "x", out_trade_no, notify_url, amount, ...more };
  assert.equal((await ask("POST", "/v3/pay/transactions/native", wanted)).status, 200);
  return out_trade_no;
}

const queryPath = (outTradeNo: string) => `/v3/pay/transactions/out-trade-no/${outTradeNo}?mchid=${mchid}`;
const query = (outTradeNo: string) => ask("GET", queryPath(outTradeNo));
const closePath = (outTradeNo: string) => `/v3/pay/transactions/out-trade-no/${outTradeNo}/close`;

async function control(path: string, body: object) {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${url}/simulator/api/${path}`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}

const refundOf = (outTradeNo: string, refund: number, out_refund_no = `${outTradeNo}-${refund}`) =>
  ask("POST", "/v3/refund/domestic/refunds", {
    out_trade_no: outTradeNo,
    out_refund_no,
    amount: { refund, total: 100, currency: "CNY" },
  });

describe("the simulator as WeChat Pay", { timeout: 60_000 }, () => {
  test("takes nothing that the merchant has not signed, byte for byte", async () => {
    const outTradeNo = await order();
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const foreign = String(privateKey.export({ type: "pkcs8", format: "pem" }));
    const refused = await ask("GET", queryPath(outTradeNo), undefined, foreign);
    assert.deepEqual([refused.status, refused.body.code], [401, "SIGN_ERROR"]);
    assert.equal((await fetch(url + queryPath(outTradeNo))).status, 401);
    assert.equal((await query(outTradeNo)).status, 200);
  });

  test("names the field that is wrong", async () => {
    const { status, body } = await ask("POST", "/v3/pay/transactions/jsapi", { appid, mchid });
    assert.deepEqual([status, body.code], [400, "PARAM_ERROR"]);
    assert.match(body.message, /\/body\/description/);
    const other = {
      appid: "wx1",
      mchid,
      description: "x",
      out_trade_no: "foreign-app",
      notify_url: "http://127.0.0.1/",
    };
    const amount = { total: 1, currency: "CNY" };
    const foreign = await ask("POST", "/v3/pay/transactions/native", { ...other, amount });
    assert.equal(foreign.body.code, "APPID_MCHID_NOT_MATCH");
  });

  test("tells a notification again, under the same number, until it is acknowledged", async () => {
    simulator.speed = 1_000;
    answers.push(500, 302);
    const outTradeNo = await order();
    await simulator.pay("wechat", outTradeNo);
    await until("three deliveries", () => received.length >= 3);
    await until("no letter left", () => simulator.letters.length === 0);
    assert.deepEqual([received.length, new Set(received.map(({ id }) => id)).size], [3, 1]);
  });

  test("closes no order that is paid, also where the buyer pays at that very moment", async () => {
    const [quick, slow] = [await order(), await order()];
    assert.equal((await ask("POST", closePath(quick), { mchid })).status, 204);
    assert.equal((await query(quick)).body.trade_state, "CLOSED");
    await assert.rejects(simulator.pay("wechat", quick), { code: "TRADE_CLOSED" });
    await control("fault", { fault: "close.loses", outTradeNo: slow });
    assert.equal((await ask("POST", closePath(slow), { mchid })).body.code, "ORDERPAID");
    assert.equal((await query(slow)).body.trade_state, "SUCCESS");
    await control("fault", { fault: "pay.late", outTradeNo: quick });
    assert.equal((await simulator.pay("wechat", quick)).state, "SUCCESS");
  });

  test("refunds no more than was paid, each number once", async () => {
    const outTradeNo = await order();
    await simulator.pay("wechat", outTradeNo);
    assert.equal((await refundOf(outTradeNo, 60)).status, 200);
    assert.equal((await refundOf(outTradeNo, 60)).status, 200);
    assert.equal((await refundOf(outTradeNo, 41)).body.code, "INVALID_REQUEST");
    assert.equal((await refundOf(outTradeNo, 30, `${outTradeNo}-60`)).body.code, "INVALID_REQUEST");
    await control("fault", { fault: "refund.refused", outTradeNo });
    assert.equal((await refundOf(outTradeNo, 40)).body.code, "NOT_ENOUGH");
    await control("fault", { fault: "refund.abnormal", outTradeNo });
    assert.equal((await refundOf(outTradeNo, 40)).status, 200);
    const path = `/v3/refund/domestic/refunds/${outTradeNo}-40`;
    await until("the refund fails", async () => (await ask("GET", path)).body.status === "ABNORMAL");
  });

  test("loses an answer before or after the effect", async () => {
    const outTradeNo = await order();
    for (const [fault, state] of [
      ["answer.timeout-before", "NOTPAY"],
      ["answer.error-before", "NOTPAY"],
      ["answer.timeout-after", "CLOSED"],
    ] as const) {
      await control("fault", { fault, ms: 1, operation: "close", outTradeNo });
      const end = await ask("POST", closePath(outTradeNo), { mchid }).then(
        ({ status }) => status,
        () => "no answer",
      );
      assert.equal(end, fault === "answer.error-before" ? 500 : "no answer");
      assert.equal((await query(outTradeNo)).body.trade_state, state);
    }
  });

  test("spoils an answer as it is told to", async () => {
    const outTradeNo = await order();
    const spoilt = async (fault: string) => {
      assert.equal((await control("fault", { fault, outTradeNo })).status, 200);
      return query(outTradeNo);
    };
    assert.equal((await spoilt("answer.amount")).body.amount.total, 101);
    assert.equal((await spoilt("answer.currency")).body.amount.currency, "USD");
    assert.notEqual((await spoilt("answer.app")).body.appid, appid);
    assert.notEqual((await spoilt("answer.merchant")).body.mchid, mchid);
    assert.equal((await spoilt("answer.rate-limited")).status, 429);
    await assert.rejects(spoilt("answer.half"));
    await assert.rejects(spoilt("answer.html"), SyntaxError);
    assert.equal((await query(outTradeNo)).body.amount.total, 100);
  });

  test("signs with a new certificate after it was rotated, and offers both", async () => {
    const outTradeNo = await order();
    const before = (await query(outTradeNo)).headers.get("wechatpay-serial");
    const { body } = await control("rotate", { mchid });
    const after = (await query(outTradeNo)).headers.get("wechatpay-serial");
    assert.equal(after, body.serial);
    const { data } = (await ask("GET", "/v3/certificates")).body;
    assert.deepEqual(
      data.map((each: { serial_no: string }) => each.serial_no),
      [before, after],
    );
  });

  test("shows people all trades, and the buyer one with its code", async () => {
    const outTradeNo = await order({ description: "<b>&" });
    const page = async (path: string) => (await fetch(`${url}/simulator${path}`)).text();
    assert.match(await page(""), new RegExp(`/simulator/pay/wechat/${outTradeNo}`));
    const buyers = await page(`/pay/wechat/${outTradeNo}`);
    assert.match(buyers, /<svg/);
    assert.match(buyers, /weixin:\/\/wxpay\/bizpayurl\?pr=/);
    assert.ok(buyers.includes("&#60;b&#62;&#38;") && !buyers.includes("<b>"));
    assert.match(await page("/pages.js"), /simulator\/api/);
    assert.equal((await fetch(`${url}/simulator/pay/wechat/nothing`)).status, 404);
    assert.equal((await fetch(`${url}/nothing`)).status, 404);
  });

  test("is switched only by what says that it is JSON, and says what is wrong", async () => {
    const plain = await fetch(`${url}/simulator/api/faults`, { method: "POST", body: '{"faults":[]}' });
    assert.equal(plain.status, 400);
    assert.match(
      (await control("faults", { faults: [{ fault: "nonsense" }] })).body.message,
      /^faults\.0\.fault: /,
    );
    assert.equal((await control("pay", { channel: "wechat", outTradeNo: "nothing" })).status, 404);
  });
});
