import assert from "node:assert/strict";
import { join } from "node:path";
import { it } from "node:test";
import { checkConfig } from "@mall/kit/config";
import { systemRuntime as runtime } from "@mall/kit/runtime";
import { migrateToLatest, openDatabase } from "@mall/kit/store";
import { createTestFolder } from "@mall/kit/testing";
import { channelsConfig } from "@mall/pay/channels";
import { payMigrations } from "@mall/pay/model/migrations";
import { checkDatabase } from "./check-database.ts";

it("mall doctor tells of an account that is configured no more and has something open, and of no other", async () => {
  const dataSource = `sqlite:${join(createTestFolder(), "mall.db")}`;
  const database = await openDatabase({ dataSource, runtime });
  await migrateToLatest(database, payMigrations);
  const attempt = { pay_id: 1, amount: 1, currency: "CNY", state: 1 };
  const rows = ["sandbox", "alipay-old", "alipay-old"].map((channel, index) => {
    return { ...attempt, channel, out_trade_no: `P${index}` };
  });
  await database.query.insertInto("pay_attempt").values(rows).execute();
  await database.close();
  const Sandbox = { Gateway: "http://bank.test", Secret: "a secret of both", NotifyUrl: "http://mall.test" };
  const channels = checkConfig("test", { Sandbox }, channelsConfig);
  const options = { dataSource, sets: [payMigrations], migratesItself: true, runtime };
  const told = async (own: object) => {
    const findings = await checkDatabase({ ...options, ...own });
    return findings.filter(({ level }) => level !== "ok").map(({ level, what }) => `${level}: ${what}`);
  };
  assert.deepEqual(await told({ channels }), [
    "warn: channel alipay-old is not configured any more and has 2 open attempts",
  ]);
  assert.deepEqual(await told({}), []);
});
