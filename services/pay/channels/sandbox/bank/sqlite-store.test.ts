import assert from "node:assert/strict";
import { join } from "node:path";
import { it } from "node:test";
import { systemRuntime } from "@mall/kit/runtime";
import { openDatabase } from "@mall/kit/store";
import { createTestFolder } from "@mall/kit/testing";
import type { BankNotice } from "./bank-store.ts";
import { openSqliteBankStore } from "./sqlite-store.ts";
import type { BankTrade } from "./trade.ts";

function trade(outTradeNo: string, amount: number): BankTrade {
  const rest = { currency: "CNY", subject: "茶 🍵", expireAt: 1, notifyUrl: "http://mall.test", refunds: [] };
  return { outTradeNo, tradeNo: `sb-${outTradeNo}`, state: "open", amount, ...rest };
}

function notice(id: string, attempts = 0): BankNotice {
  return { id, outTradeNo: "A1", url: "http://mall.test", body: "{}", dueAt: 1, attempts };
}

async function openStore(path = join(createTestFolder(), "sandbox.db")) {
  const database = await openDatabase({ dataSource: `sqlite:${path}`, runtime: systemRuntime });
  return { path, database, store: await openSqliteBankStore(database) };
}

it("keeps the latest of each record, over a restart, whatever was saved at the same time", async () => {
  const { path, database, store } = await openStore();
  const saves = Array.from({ length: 100 }, (_, at) => store.save({ trade: trade(`A${at % 10}`, at) }));
  await Promise.all([
    ...saves,
    store.save({ trade: trade("A1", 1000), notices: [notice("N1"), notice("N2")] }),
  ]);
  await store.save({ notices: [notice("N1", 3)], ended: ["N2"] });
  await database.close();
  const again = await openStore(path);
  assert.deepEqual(await again.store.trade("A1"), trade("A1", 1000));
  assert.deepEqual(await again.store.trade("A9"), trade("A9", 99));
  assert.equal(await again.store.trade("a1"), undefined);
  assert.deepEqual(await again.store.notices(), [notice("N1", 3)]);
  await again.database.close();
});

it("tells everybody whose records it could not keep", async () => {
  const { database, store } = await openStore();
  await database.write({ sql: "DROP TABLE bank_notice", parameters: [] });
  const saves = [store.save({ trade: trade("A1", 1) }), store.save({ notices: [notice("N1")] })];
  const outcomes = await Promise.allSettled(saves);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ["rejected", "rejected"],
  );
  assert.equal(await store.trade("A1"), undefined);
  await store.save({ trade: trade("A2", 1) });
  assert.deepEqual(await store.trade("A2"), trade("A2", 1));
  await database.close();
});
