import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { systemRuntime } from "@mall/kit/runtime";
import { openDatabase } from "@mall/kit/store";
import { startMariadb, whyNoMysql } from "@mall/kit/testing";
import { listFiles } from "./list-files.ts";
import { runCli } from "./run-cli.ts";

const TABLES = [
  "CREATE TABLE `shop_item` (`id` bigint unsigned NOT NULL AUTO_INCREMENT, `name` varchar(20) NOT NULL DEFAULT '' " +
    "COMMENT 'what it is', `price` decimal(10,2) DEFAULT NULL, `extra` json DEFAULT NULL, " +
    "`created_at` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP, PRIMARY KEY (`id`), UNIQUE KEY `name` (`name`)) " +
    "AUTO_INCREMENT=70",
  "CREATE TABLE `shop_voucher` (`sn` varchar(32) NOT NULL, PRIMARY KEY (`sn`))",
  "CREATE TABLE `other` (`id` int NOT NULL AUTO_INCREMENT, PRIMARY KEY (`id`))",
];

describe("mallctl model mysql datasource", { skip: whyNoMysql() ?? false }, () => {
  it("writes the contract of the tables that are there, and what it generates", async (t) => {
    const server = await startMariadb();
    if ("skipped" in server) throw new Error(server.skipped);
    t.after(() => server.stop());
    const url = await server.createDatabase();
    const database = await openDatabase({ dataSource: url, runtime: systemRuntime });
    for (const sql of TABLES) await database.write({ sql, parameters: [] });
    await database.close();
    const dir = await mkdtemp(join(tmpdir(), "mallctl-"));
    t.after(() => rm(dir, { recursive: true }));
    const name = /\/([^/?]+)(?:\?|$)/.exec(url)?.[1] ?? "";
    let err = "";
    const asked = (...args: string[]): Promise<number> => {
      err = "";
      const output = {
        out: () => {},
        err: (text: string) => {
          err += text;
        },
      };
      return runCli(["model", "mysql", "datasource", "-url", url, "-dir", dir, ...args], output);
    };
    assert.equal(await asked("-table", "nothing"), 1);
    assert.match(err, /no table nothing; .* has other, shop_item, shop_voucher/);
    assert.deepEqual(listFiles(dir), []);
    assert.equal(await asked("-table", "shop_*", "-c"), 0, err);
    assert.deepEqual(
      listFiles(dir).filter((path) => path.endsWith("-model.ts")),
      ["gen/shop-item-model.ts", "gen/shop-voucher-model.ts", "shop-item-model.ts", "shop-voucher-model.ts"],
    );
    const contract = await readFile(join(dir, `${name}.sql`), "utf8");
    assert.match(contract, /COMMENT 'what it is'/);
    assert.doesNotMatch(contract, /AUTO_INCREMENT=/);
    assert.equal(await asked("-table", "shop_*"), 1);
    assert.match(err, /there is one; remove it/);
  });

  it("says what is wrong without a word of the password", async () => {
    const said: string[] = [];
    const output = { out: () => {}, err: (text: string) => said.push(text) };
    for (const url of ["root:s3cret@tcp(127.0.0.1:1)/shop", "s3cret"])
      assert.equal(await runCli(["model", "mysql", "datasource", "-url", url, "-dir", "nowhere"], output), 1);
    assert.match(said[0] ?? "", /the server does not answer \(ECONNREFUSED\)/);
    assert.match(said[1] ?? "", /expected user:password@tcp/);
    assert.doesNotMatch(said.join(), /s3cret/);
  });
});
