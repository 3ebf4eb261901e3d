import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { checkConfig } from "@mall/kit/config";
import { signToken } from "@mall/kit/rest";
import { systemRuntime } from "@mall/kit/runtime";
import { until } from "@mall/kit/testing";
import { createOrderHttpClient } from "@mall/order/api";
import { createPayHttpClient } from "@mall/pay/api";
import { createProductHttpClient } from "@mall/product/api";
import { createUserHttpClient } from "@mall/user/api";
import { allInOneConfig } from "../../cli/all-in-one/config.ts";
import { databasePathIn } from "../../cli/all-in-one/data-dir.ts";
import { startAllInOne } from "../../cli/all-in-one/start.ts";
import { FunctionsRun, inBoth, type Ran } from "./functions-run.ts";

const ROOT = join(import.meta.dirname, "../..");
const SECRET = "a secret that only this mall knows, of 32";
const AMOUNT = 500;
const STAFF = 1;
const ROUNDS = 5;

/**
 * Which files and functions each kind of request runs, in a mall in this process, as a Markdown table. Each is sent
 * once to warm up; then what each of several runs counts, as background work does not come with every one. A refund
 * is measured until its piece is back in stock, the others until they are answered.
 */
export async function measureFlows(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "mall-measure-"));
  const running = await startMall(folder);
  const run = await FunctionsRun.start(ROOT);
  // Asked beside the mall, so that asking runs nothing of it.
  const rows = new DatabaseSync(databasePathIn(folder), { readOnly: true });
  try {
    const url = running.addresses.find(({ name }) => name === "gateway")?.url ?? "";
    const shop = await openShop(url, rows);
    await sendEach(shop, async (_name, send) => send());
    const counted = new Map<string, Ran>();
    for (let round = 0; round < ROUNDS; round += 1) {
      await sendEach(shop, async (name, send) => {
        await run.take();
        await send();
        const ran = await run.take();
        counted.set(name, inBoth(ran, counted.get(name) ?? ran));
      });
    }
    return tableOf(counted);
  } finally {
    rows.close();
    run.stop();
    await running.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function startMall(folder: string) {
  const anyPort = { Api: 0, Rpc: 0 };
  const config = {
    Mode: "dev",
    Port: 0,
    DataDir: folder,
    Log: { Level: "severe" },
    Simulator: { Enabled: false },
    Auth: { AccessSecret: SECRET },
    User: anyPort,
    Product: anyPort,
    Order: anyPort,
    Pay: anyPort,
  };
  return startAllInOne(checkConfig("(measured)", config, allInOneConfig), systemRuntime);
}

type Shop = Awaited<ReturnType<typeof openShop>>;

/** Clients of a buyer and of staff, a product of many pieces, and a look at its rows. */
async function openShop(url: string, rows: DatabaseSync) {
  const visitor = createUserHttpClient({ baseUrl: url });
  const person = { mobile: "15000000000", password: "123456" };
  const { id: uid } = await visitor.register({ name: "buyer", gender: 1, ...person });
  const { accessToken: token } = await visitor.login(person);
  const now = Math.floor(systemRuntime.now() / 1000);
  const staff = {
    baseUrl: url,
    token: signToken({ secret: SECRET, uid, role: STAFF, now, expireSeconds: 3600 }),
  };
  const piece = { name: "apples", desc: "", stock: 1000, amount: AMOUNT, status: 0 };
  const { id: pid } = await createProductHttpClient(staff).create(piece);
  const stockOf = rows.prepare("SELECT stock FROM product WHERE id = ?");
  const statusOf = rows.prepare("SELECT status FROM `order` WHERE id = ?");
  return {
    uid,
    pid,
    order: createOrderHttpClient({ baseUrl: url, token }),
    pay: createPayHttpClient({ baseUrl: url, token }),
    staffPay: createPayHttpClient(staff),
    stock: () => Number(stockOf.get(pid)?.stock),
    orderStatus: (id: number) => Number(statusOf.get(id)?.status),
  };
}

/** A purchase that is refunded, with each request of it that is measured given to `each`. */
async function sendEach(
  shop: Shop,
  each: (name: string, send: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const { uid, pid, order, pay, staffPay } = shop;
  const stock = shop.stock();
  let oid = 0;
  let id = 0;
  let credential = "";
  await each("order/create", async () => {
    oid = (await order.create({ uid, pid, amount: AMOUNT })).id;
  });
  await each("order/detail", async () => {
    await order.detail({ id: oid });
  });
  await each("pay/create", async () => {
    id = (await pay.create({ uid, oid, amount: AMOUNT })).id;
  });
  await each("pay/prepay", async () => {
    credential = (await pay.prepay({ id, channel: "sandbox" })).credential;
  });
  await payAtBank(credential);
  await until("the order is paid", () => shop.orderStatus(oid), { holds: (status) => status === 1 });
  await each("refund", async () => {
    await staffPay.refund({ id, refundNo: `R${id}`, amount: AMOUNT, reason: "measured" });
    await until("the piece is back", () => shop.stock(), { holds: (now) => now === stock });
  });
}

/** The buyer presses the button on the sandbox's page. */
async function payAtBank(credential: string): Promise<void> {
  const outTradeNo = credential.slice(credential.lastIndexOf("/") + 1);
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ outTradeNo });
  const answer = await fetch(new URL("/sandbox/pay", credential), { method: "POST", headers, body });
  if (!answer.ok) throw new Error(`the sandbox answered ${answer.status}: ${await answer.text()}`);
}

const COUNTED = /^(kit|services|cli)\/(?!testing\/)/;
const WRITTEN = /^services\/(?!.*\/gen\/)(?!pay\/channels\/sandbox\/bank\/)/;

function tableOf(counted: ReadonlyMap<string, Ran>): string {
  const columns = ["flow", "files", "functions", "services' files", "functions", "without gen/ and the bank"];
  const rows = [...counted].map(([name, { files, functions }]) => {
    const among = (paths: ReadonlySet<string>, pattern: RegExp): string =>
      String([...paths].filter((path) => pattern.test(path)).length);
    return [
      name,
      among(files, COUNTED),
      among(functions, COUNTED),
      among(files, /^services\//),
      among(functions, /^services\//),
      among(files, WRITTEN),
    ];
  });
  return [columns, columns.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}
