import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { startSimulator } from "@mall/channel-sim";
import { checkConfig } from "@mall/kit/config";
import { silentLogger } from "@mall/kit/log";
import { systemRuntime } from "@mall/kit/runtime";
import { createTestFolder, until } from "@mall/kit/testing";
import { createOrderHttpClient } from "@mall/order/api";
import { createPayHttpClient } from "@mall/pay/api";
import { createProductHttpClient } from "@mall/product/api";
import { SIMULATED } from "../simulator/accounts.ts";
import { logIn, register } from "../testing/test-mall.ts";
import { allInOneConfig } from "./config.ts";
import { hasOwnSimulator } from "./own-simulator.ts";
import { startAllInOne } from "./start.ts";

const PAID = 1;
const ANY_PORT = { Api: 0, Rpc: 0 };
const STRIPE = {
  SuccessUrl: "https://shop.example/paid",
  Keys: { SecretKeys: [{ Key: "sk_test_12345678" }], WebhookSecrets: [{ Secret: "whsec_12345678" }] },
};

test("a mall that is tried has a simulator of its own, unless it has a database or accounts of its own", () => {
  const has = (values: object): boolean => hasOwnSimulator(checkConfig("(test)", values, allInOneConfig));
  const Mysql = { DataSource: "mall:mall@tcp(127.0.0.1:3306)/mall" };
  assert.equal(has({}), true);
  assert.equal(has({ Mode: "pro" }), false);
  assert.equal(has({ Mysql }), false);
  assert.equal(has({ Pay: { Channels: { Stripe: [STRIPE] } } }), false);
  assert.equal(has({ Simulator: { Enabled: false } }), false);
  assert.equal(has({ Mode: "pro", Mysql, Simulator: { Enabled: true } }), true);
});

test("buyers pay at all channels of a mall's own simulator, also after a restart on another port", {
  timeout: 120_000,
}, async (t) => {
  const DataDir = join(createTestFolder(), "data");
  const first = await startMall(DataDir);
  t.after(() => first.stop());
  await register(first.url);
  await payAtEach(first);
  await first.stop();
  const second = await startMall(DataDir);
  t.after(() => second.stop());
  assert.notEqual(second.simulatorUrl, first.simulatorUrl);
  await payAtEach(second);
});

test("a simulator that listens on all addresses is reached at one of this machine's", async (t) => {
  for (const host of ["", "0.0.0.0"]) {
    const simulator = await startSimulator({
      ...{ host, port: 0, publicUrl: "", speed: 1, dataDir: createTestFolder() },
      ...{ runtime: systemRuntime, log: silentLogger },
    });
    t.after(() => simulator.stop());
    assert.match(simulator.url, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal((await fetch(`${simulator.url}/simulator`)).status, 200);
  }
});

interface Mall {
  readonly url: string;
  readonly simulatorUrl: string;
  stop(): Promise<void>;
}

async function startMall(DataDir: string): Promise<Mall> {
  const values = {
    DataDir,
    Port: 0,
    Log: { Level: "severe" },
    Simulator: { Port: 0 },
    User: ANY_PORT,
    Product: ANY_PORT,
    Order: ANY_PORT,
    Pay: ANY_PORT,
  };
  const { addresses, stop } = await startAllInOne(
    checkConfig("(test)", values, allInOneConfig),
    systemRuntime,
  );
  const urlOf = (part: string): string => addresses.find(({ name }) => name === part)?.url ?? "";
  let stopped: Promise<void> | undefined;
  return {
    url: urlOf("gateway"),
    simulatorUrl: urlOf("simulator"),
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** Buys a piece at each channel, and waits until the notification has made its order paid. */
async function payAtEach({ url, simulatorUrl }: Mall): Promise<void> {
  const caller = { baseUrl: url, token: await logIn(url) };
  const [products, orders, pays] = [
    createProductHttpClient(caller),
    createOrderHttpClient(caller),
    createPayHttpClient(caller),
  ];
  const { id: pid } = await products.create({ name: "tea", desc: "", stock: 10, amount: 500, status: 0 });
  for (const channel of SIMULATED) {
    const { id: oid } = await orders.create({ uid: 1, pid, amount: 500 });
    const { id } = await pays.create({ uid: 1, oid, amount: 500 });
    const { outTradeNo, credential } = await pays.prepay({ id, channel: `${channel}-sim` });
    const number = channel === "stripe" ? credential.split("/").at(-1) : outTradeNo;
    const paid = await fetch(`${simulatorUrl}/simulator/api/pay`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ channel, outTradeNo: number }),
    });
    assert.equal(paid.status, 200, `${channel}: ${await paid.text()}`);
    await until(
      `the order is paid at ${channel}`,
      async () => (await orders.detail({ id: oid })).status === PAID,
    );
  }
  await until("the mall has taken all notifications", async () => {
    const { letters } = await (await fetch(`${simulatorUrl}/simulator/api/letters`)).json();
    return letters.length === 0;
  });
}
