import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { silentLogger } from "@mall/kit/log";
import { createManualRuntime } from "@mall/kit/testing";
import type { Fault } from "../core/faults.ts";
import { MemoryStore } from "../core/memory-store.ts";
import { signRsa } from "../core/pem-keys.ts";
import { createChannelSimulator } from "../simulator.ts";
import type { WechatAccount } from "./account.ts";

const keys = JSON.parse(readFileSync(join(import.meta.dirname, "../vectors/keys.json"), "utf8"));
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Noon in China. */
const START_AT = Date.parse("2026-11-28T12:00:00+08:00");

function accountOf(mchid: string): WechatAccount {
  const platform = { id: "PUB_KEY_ID_1", privateKey: keys.channelPrivateKey, effectiveAt: 0, expireAt: 8e12 };
  return {
    ...{ mchid, appids: ["wx1"], apiV3Key: "0".repeat(32), merchantSerial: "A1", mode: "public-key" },
    ...{ merchantPublicKey: keys.merchantPublicKey, platformKeys: [platform] },
  };
}

const [mchid, other] = ["1900000001", "1900000002"];
const runtime = createManualRuntime(START_AT);
const simulator = createChannelSimulator({
  accounts: { wechat: [accountOf(mchid), accountOf(other)] },
  store: new MemoryStore(),
  runtime,
  http: { send: async () => ({ status: 204, headers: {}, body: new Uint8Array() }) },
  log: silentLogger,
  publicUrl: () => "http://sim.test",
});
after(() => simulator.close());

async function send(method: string, url: string, text = "", merchant = mchid) {
  const timestamp = Math.floor(runtime.now() / 1000);
  const signature = signRsa(`${method}\n${url}\n${timestamp}\nn\n${text}\n`, keys.merchantPrivateKey);
  const parts = `mchid="${merchant}",nonce_str="n",timestamp="${timestamp}",serial_no="A1",signature="${signature}"`;
  const headers = { authorization: `WECHATPAY2-SHA256-RSA2048 ${parts}`, host: "pay.test" };
  const answer = await simulator.answer({ method, url, headers, body: Buffer.from(text) });
  return { ...answer, body: Buffer.from(answer.body) };
}

/** An order that is paid now. */
async function pay(out_trade_no: string, total: number): Promise<void> {
  const amount = { total, currency: "CNY" };
  const common = { appid: "wx1", mchid, description: "茶", notify_url: "http://shop.test/" };
  const order = JSON.stringify({ ...common, out_trade_no, amount });
  assert.equal((await send("POST", "/v3/pay/transactions/native", order)).status, 200);
  await simulator.pay("wechat", out_trade_no);
}

async function refund(out_trade_no: string, refund: number, total: number): Promise<void> {
  const amount = { refund, total, currency: "CNY" };
  const asked = JSON.stringify({ out_trade_no, out_refund_no: `${out_trade_no}-back`, amount });
  assert.equal((await send("POST", "/v3/refund/domestic/refunds", asked)).status, 200);
}

async function ask(query: string) {
  const { status, headers, body } = await send("GET", `/v3/bill/tradebill?${query}`);
  return { status, headers, said: JSON.parse(body.toString("utf8")) };
}

const download = (address: string, merchant = mchid) =>
  send("GET", address.replace("http://pay.test", ""), "", merchant);

/** The cells of a bill's lines. */
async function linesOf(query: string): Promise<string[][]> {
  const { said } = await ask(query);
  const text = (await download(said.download_url)).body.toString("utf8");
  const rows = text.split("\r\n").filter((row) => row.startsWith("`"));
  return rows.slice(0, -1).map((row) => row.slice(1).split(",`"));
}

const fault = (...faults: readonly Fault[]) => simulator.setFaults(faults);

const TODAY = "bill_date=2026-11-28";

describe("bills of WeChat Pay", () => {
  test("there is none of a day without business, nor of one that is no day, to come or too old", async () => {
    const refusals = [
      [TODAY, "NO_STATEMENT_EXIST"],
      ["bill_date=2026-11-29", "PARAM_ERROR"],
      ["bill_date=2026-02-30", "PARAM_ERROR"],
      ["bill_date=20261128", "PARAM_ERROR"],
      ["", "PARAM_ERROR"],
      [`${TODAY}&bill_type=RECHARGE`, "PARAM_ERROR"],
      [`${TODAY}&tar_type=ZIP`, "PARAM_ERROR"],
      ["bill_date=2026-08-27", "INVALID_REQUEST"],
      ["bill_date=2026-08-28", "NO_STATEMENT_EXIST"],
    ] as const;
    for (const [query, code] of refusals) {
      const { status, said } = await ask(query);
      assert.deepEqual([status, said.code], [400, code], query);
    }
  });

  test("a bill is fetched by a signed request, comes unsigned, and has the hash that was told of it", async () => {
    await pay("order-1", 600);
    await refund("order-1", 250, 600);
    for (const type of ["", "&tar_type=GZIP"]) {
      const { status, headers, said } = await ask(`${TODAY}${type}`);
      assert.deepEqual([status, said.hash_type], [200, "SHA1"]);
      assert.ok("Wechatpay-Signature" in headers);
      const file = await download(said.download_url);
      assert.deepEqual([file.status, "Wechatpay-Signature" in file.headers], [200, false]);
      const bytes = type === "" ? file.body : gunzipSync(file.body);
      assert.equal(createHash("sha1").update(bytes).digest("hex"), said.hash_value);
      assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
      const bare = said.download_url.replace("http://pay.test", "");
      const unsigned = { method: "GET", url: bare, headers: {}, body: new Uint8Array() };
      assert.equal((await simulator.answer(unsigned)).status, 401);
      assert.equal((await download(said.download_url, other)).status, 403);
      assert.equal((await download(said.download_url)).status, 200);
    }
    const wanted = { ALL: ["SUCCESS", "REFUND"], SUCCESS: ["SUCCESS"], REFUND: ["REFUND"] };
    for (const [type, states] of Object.entries(wanted)) {
      const lines = await linesOf(`${TODAY}&bill_type=${type}`);
      assert.deepEqual(
        lines.map((cells) => cells[9]),
        states,
      );
    }
  });

  test("an address lives five minutes, however fast the simulator is, and its file does not change", async () => {
    simulator.speed = 1_000;
    const { said } = await ask(TODAY);
    const { body } = await download(said.download_url);
    await pay("order-2", 100);
    runtime.advance(5 * MINUTE_MS - 1);
    assert.deepEqual((await download(said.download_url)).body, body);
    runtime.advance(1);
    const late = await download(said.download_url);
    assert.deepEqual([late.status, JSON.parse(late.body.toString("utf8")).code], [400, "INVALID_REQUEST"]);
    assert.equal((await linesOf(TODAY)).length, 3);
  });

  test("a bill can be refused as too early, altered on the way, and have other lines", async () => {
    fault({ fault: "bill.creating" });
    assert.equal((await ask(TODAY)).said.code, "STATEMENT_CREATING");
    fault({ fault: "bill.altered" });
    const { said } = await ask(TODAY);
    const { body } = await download(said.download_url);
    assert.notEqual(createHash("sha1").update(body).digest("hex"), said.hash_value);
    const honest = await linesOf(TODAY);
    fault({ fault: "bill.line-missing", times: 2 });
    assert.deepEqual(await linesOf(`${TODAY}&bill_type=SUCCESS`), []);
    const numbers = async () => (await linesOf(TODAY)).map((cells) => cells[6]);
    fault({ fault: "bill.line-missing", outTradeNo: "order-1" });
    assert.deepEqual(await numbers(), ["order-1", "order-2"]);
    fault({ fault: "bill.line-foreign", channel: "wechat", operation: "bill" });
    const [foreign, ...own] = await numbers();
    assert.match(foreign ?? "", /^foreign-\d{16}$/);
    assert.deepEqual(own, ["order-1", "order-1", "order-2"]);
    fault({ fault: "bill.other-amount", outTradeNo: "order-1", times: 2 });
    const amounts = (lines: readonly string[][]) => lines.map((cells) => [cells[24], cells[25]]);
    assert.deepEqual(amounts(await linesOf(TODAY)), [
      ["6.01", "0.00"],
      ["0.00", "2.51"],
      ["1.00", "0.00"],
    ]);
    assert.deepEqual(await linesOf(TODAY), honest);
    fault({ fault: "answer.error-before", operation: "bill" });
    assert.equal((await ask(TODAY)).status, 500);
  });

  test("a fund bill has what came into the account and went out, with what it then held", async () => {
    const funds = async (query: string) => {
      const { body } = await send("GET", `/v3/bill/fundflowbill?${query}`);
      return JSON.parse(body.toString("utf8"));
    };
    const { download_url, hash_value } = await funds(`${TODAY}&account_type=BASIC`);
    const { body } = await download(download_url);
    assert.equal(createHash("sha1").update(body).digest("hex"), hash_value);
    const [names, ...lines] = body.toString("utf8").split("\r\n");
    assert.equal(
      names,
      "\uFEFF记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号",
    );
    const rows = lines.slice(0, -3).map((line) => line.slice(1).split(",`"));
    assert.deepEqual(
      rows.map((cells) => [...cells.slice(3, 8), ...cells.slice(9)]),
      [
        ["交易", "交易", "收入", "6.00", "6.00", "结算总金额6.00元;含手续费0.04元", "order-1"],
        ["交易", "扣除交易手续费", "支出", "0.04", "5.96", "结算总金额6.00元;含手续费0.04元", "order-1"],
        ["退款", "退款", "支出", "2.48", "3.48", "退款总金额2.50元;含手续费0.02元", "order-1-back"],
        ["交易", "交易", "收入", "1.00", "4.48", "结算总金额1.00元;含手续费0.01元", "order-2"],
        ["交易", "扣除交易手续费", "支出", "0.01", "4.47", "结算总金额1.00元;含手续费0.01元", "order-2"],
      ],
    );
    assert.equal(new Set(rows.map((cells) => cells[2])).size, 5);
    assert.deepEqual(lines.slice(-3), [
      "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额",
      "`5,`2,`7.00,`3,`2.53",
      "",
    ]);
    for (const query of [`${TODAY}&account_type=FEES`, "bill_date=2026-11-27"])
      assert.equal((await funds(query)).code, "NO_STATEMENT_EXIST");
    assert.equal((await funds(`${TODAY}&account_type=OTHER`)).code, "PARAM_ERROR");
  });

  test("a bill is of its day, and knows what became of a refund until nine on the next", async () => {
    runtime.advance(Date.parse("2026-11-28T23:59:59.999+08:00") - runtime.now());
    await pay("order-3", 100);
    fault(
      { fault: "refund.slow", ms: 9 * 60 * MINUTE_MS },
      { fault: "refund.slow", ms: 9 * 60 * MINUTE_MS + 2 },
    );
    await refund("order-2", 100, 100);
    await refund("order-3", 100, 100);
    runtime.advance(1);
    await pay("order-4", 100);
    const numbers = async (date: string) => (await linesOf(`bill_date=${date}`)).map((cells) => cells[6]);
    assert.deepEqual(await numbers("2026-11-29"), ["order-4"]);
    runtime.advance(2 * DAY_MS);
    const refunds = await linesOf(`${TODAY}&bill_type=REFUND`);
    assert.deepEqual(
      refunds.map((cells) => [cells[6], cells[21]]),
      [
        ["order-1", "SUCCESS"],
        ["order-2", "SUCCESS"],
        ["order-3", "PROCESSING"],
      ],
    );
  });
});
