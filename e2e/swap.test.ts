import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { startMariadb, type TestMysql } from "@mall/kit/testing";
import { createMallTables } from "./support/mall-tables.ts";
import { ROOT } from "./support/readme-commands.ts";
import { GO_SIDES, type RealGo } from "./swap/real-go.ts";
import { type ProcessName, type SwapMall, startSwapMall } from "./swap/swap-mall.ts";
import { Traffic } from "./swap/traffic.ts";

/** The one order in which no process of ours stands before one in Go that lacks what it needs. */
const ORDER: readonly ProcessName[] = [
  "user.rpc",
  "product.rpc",
  "order.rpc",
  "pay.rpc",
  "user.api",
  "product.api",
  "order.api",
  "pay.api",
];
const LAPS = 4;

for (const { title, skip, start } of GO_SIDES) {
  describe(`swapping process by process, under traffic: ${title}`, {
    skip: skip ?? false,
    timeout: 240_000,
  }, () => {
    let server: TestMysql;
    let real: RealGo | undefined;
    let mall: SwapMall;
    let traffic: Traffic;

    before(async () => {
      const started = await startMariadb();
      if ("skipped" in started) throw new Error(started.skipped);
      server = started;
      real = await start();
      mall = await startSwapMall({ dataSource: await createMallTables(server), real }, () => "go");
      traffic = await Traffic.start(mall);
    });
    after(async () => {
      await traffic.stop();
      await mall.stop();
      await real?.redis.stop();
      await server.stop();
    });

    it("user, product, order, pay, then the apis: each stage sells, refuses what is sold out, and no second payment", async () => {
      await traffic.laps(LAPS);
      for (const name of ORDER) {
        await mall.swap(name, "ours");
        await traffic.laps(LAPS);
        await traffic.buyer.logIn();
      }
    });

    it("back the other way, after what is open has ended; the user's password still opens Go's door", async () => {
      const [apis, rpcs] = [ORDER.slice(4), ORDER.slice(0, 4)];
      for (const name of apis.toReversed()) {
        await mall.swap(name, "go");
        await traffic.laps(LAPS);
      }
      for (const name of rpcs.toReversed()) {
        const { code, said } = await drain(mall.dataSource);
        assert.equal(code, 0, said);
        await mall.swap(name, "go");
        await traffic.laps(LAPS);
      }
      await traffic.buyer.logIn();
    });

    it("has left each order one payment, each paid payment a paid order, and nothing open", async () => {
      await traffic.stop();
      const count = async (sql: string): Promise<number> => {
        const [row] = await mall.database.read({ sql, parameters: [] });
        return Number(row?.n);
      };
      assert.equal(await count("SELECT COUNT(*) - COUNT(DISTINCT oid) AS n FROM pay"), 0);
      const unpaid =
        "SELECT COUNT(*) AS n FROM pay JOIN `order` o ON o.id = pay.oid WHERE pay.status = 1 AND o.status <> 1";
      assert.equal(await count(unpaid), 0);
      assert.ok((await count("SELECT COUNT(*) AS n FROM pay WHERE status = 1")) >= traffic.clean);
      assert.equal(await count("SELECT COUNT(*) AS n FROM saga WHERE state < 2"), 0);
      const { code, said } = await drain(mall.dataSource, "1s");
      assert.equal(code, 0, said);
    });
  });
}

async function drain(dataSource: string, timeout = "60s"): Promise<{ code: number; said: string }> {
  const args = [join(ROOT, "cli/main.ts"), "drain", "--data-source", dataSource, "--timeout", timeout];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await once(child, "close");
  return { code, said: (await said).join("") };
}
