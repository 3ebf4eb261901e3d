import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { ROLE } from "@mall/kit/auth";
import { systemRuntime } from "@mall/kit/runtime";
import { migrateToLatest, openDatabase } from "@mall/kit/store";
import { freePort } from "@mall/kit/testing";
import { preparePages } from "@mall/web/pages";
import { parse, stringify } from "yaml";
import { MIGRATIONS } from "../cli/migrations.ts";
import { type RunningCommand, runMall, startCommand } from "../cli/testing/run-mall.ts";
import { askAt, signInAt, signOutAt } from "./support/page-session.ts";
import { type ApiUrls, newCustomer, newMobile, PASSWORD, personOfRole } from "./support/people.ts";
import { playJourney } from "./support/play-journey.ts";
import { ROOT } from "./support/readme-commands.ts";
import { reasonOf } from "./support/refusals.ts";
import { openPay, orderOne, putUp } from "./support/shop.ts";
import { addressOf, choosePlaces, type Place, writeConfig } from "./support/split-config.ts";
import { assertVerified } from "./support/verified.ts";

/** The shipped file, with the rpcs at their places. */
function gatewayFile(folder: string, places: readonly Place[], own: { Host: string; Port: number }): string {
  const shipped: object = parse(readFileSync(join(ROOT, "cli/gateway/etc/gateway.yaml"), "utf8"));
  const at = (service: string) => ({
    Endpoints: [addressOf(places, { service, layer: "rpc", replica: 1 })],
  });
  const path = join(folder, `gateway-${own.Port}.yaml`);
  writeFileSync(
    path,
    stringify({
      ...shipped,
      ...{ ...own, Shutdown: { WrapUpTime: "10ms" } },
      ...{ UserRpc: at("user"), ProductRpc: at("product"), OrderRpc: at("order"), PayRpc: at("pay") },
      Shop: { Enabled: true },
    }),
  );
  return path;
}

describe("the gateway in front of a split mall", () => {
  let folder: string;
  let dataSource: string;
  let places: Place[];
  let file: string;
  let rpcs: RunningCommand;
  let gateway: RunningCommand;
  let url: string;
  let urls: ApiUrls;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "mall-gateway-"));
    dataSource = `sqlite:${join(folder, "mall.db")}`;
    const database = await openDatabase({ dataSource, runtime: systemRuntime });
    for (const set of MIGRATIONS) await migrateToLatest(database, set);
    await database.close();
    await preparePages(() => {});
    places = await choosePlaces(1);
    const port = await freePort();
    const options = { folder, places, servers: () => ({ dataSource }), etcd: undefined, blocks: undefined };
    const asked = places.filter(({ layer }) => layer === "rpc");
    const files = asked.flatMap((place) => ["-f", writeConfig(place, options)]);
    rpcs = startCommand(["serve", ...asked.map(({ name }) => name), ...files], { cwd: folder });
    await rpcs.output("stdout", /pay\.rpc is ready at/);
    file = gatewayFile(folder, places, { Host: "127.0.0.1", Port: port });
    gateway = startCommand(["serve", "gateway", "-f", file], { cwd: folder });
    await gateway.output("stdout", /gateway is ready at/);
    url = `http://127.0.0.1:${port}`;
    urls = { user: url, product: url, order: url, pay: url };
  });
  after(async () => {
    for (const { process, finished } of [gateway, rpcs]) {
      process.kill("SIGKILL");
      await finished;
    }
    rmSync(folder, { recursive: true, force: true });
  });

  it("serves the routes of all apis on one port", () => playJourney(urls));

  it("serves the pages, and describes the operations", async () => {
    for (const path of ["/", "/shop", "/console", "/console/payments/1", "/docs"]) {
      const answer = await fetch(url + path);
      assert.equal(answer.status, 200, path);
      assert.match(answer.headers.get("content-type") ?? "", /^text\/html/, path);
    }
    const { paths } = await (await fetch(`${url}/openapi.json`)).json();
    for (const path of ["/api/user/login", "/api/product/list", "/api/order/create", "/api/pay/create"]) {
      assert.ok(path in paths, path);
    }
  });

  it("lets staff sign in, see a payment whole, and sign out", async () => {
    const mobile = newMobile();
    const admin = personOfRole(urls, "admin");
    const { id: uid } = await admin.user.register({ name: "ving", gender: 1, mobile, password: PASSWORD });
    await admin.user.role({ id: uid, role: ROLE.staff });
    const buyer = await newCustomer(urls);
    const id = await openPay(buyer, await orderOne(buyer, await putUp(admin, 1)));
    const session = await signInAt(url, mobile);
    const timeline = await askAt(url, session, { path: "/api/pay/timeline", body: { id } });
    assert.equal(timeline.status, 200, JSON.stringify(timeline.body));
    await signOutAt(url, session);
    const refused = await askAt(url, session, { path: "/api/pay/timeline", body: { id } });
    assert.equal(refused.body.reason, "SESSION_ENDED");
  });

  it("leads buyers to its own cashier", async () => {
    const buyer = await newCustomer(urls);
    const id = await openPay(buyer, await orderOne(buyer, await putUp(personOfRole(urls, "admin"), 1)));
    const { url: link } = await buyer.pay.cashier({ id });
    assert.ok(link.startsWith(`${url}/cashier#`), link);
    assert.equal((await fetch(link)).status, 200);
  });

  it("leads nobody to an address that is no place: where it listens on all, it must be told", async () => {
    const port = await freePort();
    const own = gatewayFile(folder, places, { Host: "0.0.0.0", Port: port });
    const other = startCommand(["serve", "gateway", "-f", own], { cwd: folder });
    try {
      await other.output("stdout", /gateway is ready at/);
      const base = `http://127.0.0.1:${port}`;
      const admin = personOfRole({ user: base, product: base, order: base, pay: base }, "admin");
      const buyer = await newCustomer(urls);
      const id = await openPay(buyer, await orderOne(buyer, await putUp(admin, 1)));
      assert.equal(await reasonOf(admin.pay.cashier({ id })), "CASHIER_UNSERVED");
    } finally {
      other.process.kill("SIGKILL");
      await other.finished;
    }
  });

  it("is known to doctor", async () => {
    const { stdout } = await runMall(["doctor", "-f", file], { cwd: folder });
    assert.match(stdout, /ok\s+gateway: .*gateway-\d+\.yaml can be used/);
    assert.match(stdout, /gateway: a mall serves on port \d+ already/);
  });

  it("leaves payments, orders and stock that say the same", () => assertVerified(dataSource));

  it("ends with 0 when it is told to", async () => {
    gateway.process.kill("SIGTERM");
    const { code, stdout, stderr } = await gateway.finished;
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stdout + stderr, /"level":"(error|severe)"|stopped before everything/);
  });
});
