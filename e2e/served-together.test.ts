import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { backgroundCall } from "@mall/kit/call";
import { systemRuntime } from "@mall/kit/runtime";
import { migrateToLatest, openDatabase } from "@mall/kit/store";
import { until } from "@mall/kit/testing";
import { preparePages } from "@mall/web/pages";
import { MIGRATIONS } from "../cli/migrations.ts";
import { type RunningCommand, startCommand } from "../cli/testing/run-mall.ts";
import { type ApiUrls, newCustomer, personOfRole } from "./support/people.ts";
import { connectAll } from "./support/placements.ts";
import { playJourney } from "./support/play-journey.ts";
import { reasonOf } from "./support/refusals.ts";
import { openPay, orderOne, putUp } from "./support/shop.ts";
import { addressOf, choosePlaces, type Place, urlsOf, writeConfig } from "./support/split-config.ts";
import { assertVerified } from "./support/verified.ts";

/** What the pay api serves to people, beside its operations. */
function withCashier(name: string, { pay }: ApiUrls): object {
  return name === "pay.api" ? { Cashier: { Page: true, PublicUrl: pay } } : {};
}

/** Each neighbour of each process: of the order and pay rpcs, and of the user, product, order and pay apis. */
const NEIGHBOURS = 2 + 2 + 1 + 2 + 3 + 2;

describe("the eight processes, started by one command with the files that they have apart", () => {
  let folder: string;
  let dataSource: string;
  let places: Place[];
  let running: RunningCommand;
  let log = "";

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "mall-together-"));
    dataSource = `sqlite:${join(folder, "mall.db")}`;
    const database = await openDatabase({ dataSource, runtime: systemRuntime });
    for (const set of MIGRATIONS) await migrateToLatest(database, set);
    await database.close();
    await preparePages(() => {});
    places = await choosePlaces(1);
    const options = { folder, places, servers: () => ({ dataSource }), etcd: undefined, blocks: withCashier };
    // The last one is a neighbour of those before it.
    const asked = places.toReversed();
    const files = asked.flatMap((place) => ["-f", writeConfig(place, options)]);
    running = startCommand(["serve", ...asked.map(({ name }) => name), ...files], { cwd: folder });
    running.process.stdout?.on("data", (text: string) => {
      log += text;
    });
    await running.output("stdout", /pay\.api is ready at/);
  });
  after(async () => {
    running.process.kill("SIGKILL");
    await running.finished;
    rmSync(folder, { recursive: true, force: true });
  });

  it("end the seed's journey with a paid order", () => playJourney(urlsOf(places, 1)));

  it("have the cashier at the pay api, and lead to it", async () => {
    const urls = urlsOf(places, 1);
    const buyer = await newCustomer(urls);
    const admin = personOfRole(urls, "admin");
    const id = await openPay(buyer, await orderOne(buyer, await putUp(admin, 1)));
    const { url } = await buyer.pay.cashier({ id });
    assert.ok(url.startsWith(`${urls.pay}/cashier#`), url);
    const page = await (await fetch(url)).text();
    const [, script = ""] = /src="(\/assets\/cashier-[^"]+)"/.exec(page) ?? [];
    assert.equal(
      (await fetch(urls.pay + script)).headers.get("content-type"),
      "text/javascript; charset=utf-8",
    );
    const asked = { method: "POST", headers: { "content-type": "application/json" } };
    const body = JSON.stringify({ token: url.split("#")[1] });
    const view = await fetch(`${urls.pay}/api/pay/cashier/view`, { ...asked, body });
    assert.equal((await view.json()).state, "open");
    assert.equal((await fetch(`${urls.pay}/console`)).status, 404);
  });

  it("call each other directly, and say so", async () => {
    // The log is written some time after what it tells.
    const read = (): string[] => log.match(/\w+Rpc: \w+\.rpc of this process is called directly/g) ?? [];
    const direct = await until("each neighbour is named", read, {
      holds: ({ length }) => length >= NEIGHBOURS,
    });
    assert.equal(direct.length, NEIGHBOURS, direct.join("\n"));
    assert.equal(new Set(direct).size, 4);
    assert.doesNotMatch(log, /over the network/);
  });

  it("serve on their ports all the same", async () => {
    const at = (service: Place["service"]) => addressOf(places, { service, layer: "rpc", replica: 1 });
    const addresses = { user: at("user"), product: at("product"), order: at("order"), pay: at("pay") };
    const { clients, close } = connectAll(addresses);
    try {
      const call = backgroundCall();
      const nobody = { id: 999_999 };
      assert.equal(await reasonOf(clients.user.userInfo(call, nobody)), "USER_NOT_FOUND");
      assert.equal(await reasonOf(clients.product.detail(call, nobody)), "PRODUCT_NOT_FOUND");
      assert.equal(await reasonOf(clients.order.detail(call, nobody)), "ORDER_NOT_FOUND");
      assert.equal(await reasonOf(clients.pay.detail(call, nobody)), "PAY_NOT_FOUND");
    } finally {
      close();
    }
  });

  it("leave payments, orders and stock that say the same", () => assertVerified(dataSource));

  it("end with 0 when they are told to", async () => {
    running.process.kill("SIGTERM");
    const { code, stdout, stderr } = await running.finished;
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stdout + stderr, /"level":"(error|severe)"|stopped before everything/);
  });
});
