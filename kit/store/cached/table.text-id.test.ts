import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createCache } from "@mall/kit/cache";
import { cacheConfig } from "@mall/kit/config";
import { silentLogger } from "@mall/kit/log";
import { noopObserver } from "@mall/kit/observe";
import { systemRuntime } from "@mall/kit/runtime";
import { forEachDatabase, startRedis, until, whyNoRedis } from "@mall/kit/testing";
import { Redis } from "ioredis";
import { createRowView, createTableModel, migrateToLatest } from "../index.ts";
import type { MigrationSet, TableDefinition } from "../table.ts";

interface Voucher {
  sn: string;
  slot: number;
}

const TABLE: TableDefinition = {
  name: "voucher",
  primaryKey: "sn",
  columns: [
    { name: "sn", property: "sn", type: "text", lengthMax: 32 },
    { name: "slot", property: "slot", type: "integer", min: 0, max: 99 },
  ],
  uniqueKeys: { slot: ["slot"] },
  cache: {
    fields: [
      { property: "sn", name: "Sn" },
      { property: "slot", name: "Slot" },
    ],
    prefixes: { PRIMARY: "cache:voucher:sn:", slot: "cache:voucher:slot:" },
  },
};
const SQL = "CREATE TABLE voucher (sn varchar(32) NOT NULL PRIMARY KEY, slot int NOT NULL UNIQUE)";
const MIGRATIONS: MigrationSet = {
  owner: "voucher",
  migrations: [{ name: "0001-table", mysql: [SQL], sqlite: [SQL] }],
};
const SN = 'a"<1';

forEachDatabase("cached table with a text as its key", (databases) => {
  describe("with Redis", { skip: whyNoRedis() ?? false }, () => {
    it("leaves the key under a unique one as Go does, finds by it, and removes both with the row", async (t) => {
      const database = await databases.open();
      await migrateToLatest(database, MIGRATIONS);
      const redis = await startRedis();
      const [host = "", port = ""] = redis.host.split(":");
      const go = new Redis(Number(port), host);
      const parts = { runtime: systemRuntime, log: silentLogger, observer: noopObserver };
      const cache = await createCache(cacheConfig.parse([{ Host: redis.host }]), parts);
      t.after(async () => {
        go.disconnect();
        await cache.close();
        await redis.stop();
      });
      const vouchers = createTableModel<Voucher, Voucher, Voucher, string>(database, TABLE, cache);
      const view = createRowView<Voucher, string>(database, TABLE, cache);
      assert.equal(await vouchers.insert({ sn: SN, slot: 4 }), SN);
      await until("both entries are in Redis", async () => {
        assert.equal((await view.findOneBy("slot", { slot: 4 }))?.sn, SN);
        assert.equal((await view.findOne(SN))?.slot, 4);
        const entries = await go.mget("cache:voucher:slot:4", `cache:voucher:sn:${SN}`);
        return entries[0] === '"a\\"\\u003c1"' && entries[1] === '{"Sn":"a\\"\\u003c1","Slot":4}';
      });
      assert.equal(await vouchers.delete(SN), true);
      assert.deepEqual(await go.mget("cache:voucher:slot:4", `cache:voucher:sn:${SN}`), [null, null]);
      assert.equal(await view.findOneBy("slot", { slot: 4 }), undefined);
    });
  });
});
