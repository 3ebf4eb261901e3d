import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { silentLogger } from "@mall/kit/log";
import { openDatabase } from "@mall/kit/store";
import { createManualRuntime, createTestFolder } from "@mall/kit/testing";
import { signRsa } from "./core/pem-keys.ts";
import { openSimStore } from "./core/sim-store.ts";
import { createChannelSimulator } from "./simulator.ts";

const keys = JSON.parse(readFileSync(join(import.meta.dirname, "vectors/keys.json"), "utf8"));
const START_AT = 1_700_000_000_000;
const DAY_MS = 86_400_000;
/** More turns than anything between two timers takes. */
const TURNS = 50;

/** Plays payments at two channels in a time that only the play moves; everything that was said, in order. */
async function play(seed: string, folder: string): Promise<string[]> {
  const said: string[] = [];
  let drawn = 0;
  const runtime = {
    ...createManualRuntime(START_AT),
    randomBytes: (length: number) => {
      drawn += 1;
      return createHash("shake256", { outputLength: length }).update(`${seed} ${drawn}`).digest();
    },
  };
  const database = await openDatabase({ dataSource: `sqlite:${join(folder, `${seed}.db`)}`, runtime });
  const publicPem = keys.merchantPublicKey;
  const platform = {
    id: "PUB_KEY_ID_1",
    privateKey: keys.channelPrivateKey,
    effectiveAt: 0,
    expireAt: 2 * START_AT,
  };
  const simulator = createChannelSimulator({
    accounts: {
      stripe: [{ id: "acct_1", secretKey: "sk_test_1" }],
      wechat: [
        {
          ...{ mchid: "1900000001", appids: ["wx1"], apiV3Key: "0".repeat(32), merchantSerial: "1" },
          ...{ merchantPublicKey: publicPem, mode: "public-key", platformKeys: [platform] },
        },
      ],
    },
    store: await openSimStore(database),
    runtime,
    http: {
      send: async ({ url, headers, body = new Uint8Array() }) => {
        said.push(`${runtime.now()} ${url} ${JSON.stringify(headers)} ${Buffer.from(body).toString("utf8")}`);
        return { status: 500, headers: {}, body: new Uint8Array() };
      },
    },
    log: silentLogger,
    publicUrl: () => "http://sim.test",
  });
  const ask = async (method: string, url: string, text: string, headers: Record<string, string>) => {
    const answer = await simulator.answer({ method, url, headers, body: Buffer.from(text) });
    const body = Buffer.from(answer.body).toString("utf8");
    said.push(`${answer.status} ${JSON.stringify(answer.headers)} ${body}`);
    return body === "" ? undefined : JSON.parse(body);
  };
  const stripe = (path: string, form: string) => {
    const type = "application/x-www-form-urlencoded";
    return ask("POST", `/v1/${path}`, form, { authorization: "Bearer sk_test_1", "content-type": type });
  };
  const order = {
    ...{ appid: "wx1", mchid: "1900000001", description: "x", out_trade_no: "order-1" },
    ...{ notify_url: "http://shop.test/wechat", amount: { total: 1, currency: "CNY" } },
  };
  const [path, text, timestamp] = ["/v3/pay/transactions/native", JSON.stringify(order), START_AT / 1000];
  const signature = signRsa(`POST\n${path}\n${timestamp}\nn\n${text}\n`, keys.merchantPrivateKey);
  const parts = `mchid="1900000001",nonce_str="n",timestamp="${timestamp}",serial_no="1",signature="${signature}"`;
  await ask("POST", path, text, { authorization: `WECHATPAY2-SHA256-RSA2048 ${parts}` });
  await simulator.pay("wechat", "order-1");
  await stripe(
    "webhook_endpoints",
    "url=http%3A%2F%2Fshop.test%2Fstripe&enabled_events[]=payment_intent.succeeded",
  );
  const { id } = await stripe("payment_intents", "amount=100&currency=usd");
  await simulator.pay("stripe", id);
  simulator.setFaults([{ fault: "notify.doubled", channel: "wechat" }]);
  for (let hour = 0; hour < 100; hour += 1) {
    for (let turn = 0; turn < TURNS; turn += 1) await setImmediate();
    runtime.advance(DAY_MS / 24);
  }
  for (let turn = 0; turn < TURNS; turn += 1) await setImmediate();
  await simulator.close();
  await database.close();
  return said;
}

test("the same chance and the same clock make the same simulator, byte for byte, and each schedule ends", async () => {
  const [first, again, other] = [
    await play("one", createTestFolder()),
    await play("one", createTestFolder()),
    await play("two", createTestFolder()),
  ];
  assert.deepEqual(first, again);
  assert.notDeepEqual(first, other);
  const deliveries = (to: string) => first.filter((line) => line.includes(`shop.test/${to} `)).length;
  // One, then as often as the schedule says; one of WeChat Pay's was doubled.
  assert.deepEqual([deliveries("wechat"), deliveries("stripe")], [17, 10]);
});
