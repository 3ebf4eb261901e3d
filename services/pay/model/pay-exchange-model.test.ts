import assert from "node:assert/strict";
import { before, it } from "node:test";
import { migrateToLatest } from "@mall/kit/store";
import { forEachDatabase } from "@mall/kit/testing";
import { payMigrations } from "./gen/migrations.ts";
import { createPayExchangeModel, type PayExchangeModel } from "./pay-exchange-model.ts";

const DAY_MS = 24 * 3_600_000;

forEachDatabase("what channels were asked, as it is written down", (databases) => {
  let model: PayExchangeModel;
  before(async () => {
    const database = await databases.open();
    await migrateToLatest(database, payMigrations);
    model = createPayExchangeModel(database);
  });

  it("is forgotten when it is old, so many at a time, and what is newer stays", async () => {
    const now = Date.now();
    const row = { channel: "sandbox", operation: "query", subject: "of some age", request: "", answer: "" };
    for (const age of [100, 95, 1]) await model.insert({ ...row, sentAt: now - age * DAY_MS });
    const ages = async (): Promise<number[]> => {
      const rows = await model.findMany((query) => query.orderBy("id"));
      return rows.map(({ sentAt }) => (now - sentAt) / DAY_MS);
    };
    await model.forgetOld(now - 90 * DAY_MS, 1);
    assert.deepEqual(await ages(), [95, 1]);
    await model.forgetOld(now - 90 * DAY_MS, 10);
    assert.deepEqual(await ages(), [1]);
  });
});
