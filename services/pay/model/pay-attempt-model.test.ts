import assert from "node:assert/strict";
import { before, it } from "node:test";
import { type Database, DuplicateKeyError, migrateToLatest } from "@mall/kit/store";
import { forEachDatabase } from "@mall/kit/testing";
import { ATTEMPT_STATE } from "./attempt-state.ts";
import { payMigrations } from "./gen/migrations.ts";
import { beginningOf, createPayAttemptModel, type PayAttempt } from "./pay-attempt-model.ts";

forEachDatabase("attempts as they are written down", (databases) => {
  let database: Database;
  before(async () => {
    database = await databases.open();
    await migrateToLatest(database, payMigrations);
  });

  const told = (payId: number) => {
    const number = { outTradeNo: `callback-${payId}`, channel: "callback" };
    return beginningOf({ payId, ...number, source: 1, amount: 500, currency: "CNY" });
  };
  const received = { receivedAmount: 500, receivedCurrency: "CNY", channelTradeNo: "t-1", fee: 3 };

  const stored = async (id: number): Promise<PayAttempt | undefined> => {
    const row = await createPayAttemptModel(database).findOne(id);
    if (row === undefined) return undefined;
    const { createTime: _created, updateTime: _updated, ...attempt } = row;
    return attempt;
  };

  it("what a writer is told of its attempt is what the database has, before and after a first move", async () => {
    const model = createPayAttemptModel(database);
    const expireTime = new Date("2026-11-29T10:00:00Z");
    const begun = await database.transaction((tx) => model.begin(tx, { ...told(1), expireTime }));
    assert.deepEqual(begun, await stored(begun.id));
    assert.equal(begun.state, ATTEMPT_STATE.created);
    const moved = await database.transaction((tx) =>
      model.insertMoved(tx, told(2), "succeed", { ...received, successOf: 2 }),
    );
    assert.ok(moved);
    assert.deepEqual(moved, await stored(moved.id));
    assert.deepEqual([moved.state, moved.successOf, moved.receivedAmount], [ATTEMPT_STATE.succeeded, 2, 500]);
  });

  it("a first move that no attempt may make writes nothing", async () => {
    const model = createPayAttemptModel(database);
    const doubted = await database.transaction((tx) => model.insertMoved(tx, told(3), "doubt", {}));
    assert.equal(doubted, undefined);
    assert.deepEqual(await model.findByPay(3), []);
  });

  it("a second success of a payment is refused, and leaves no row behind", async () => {
    const model = createPayAttemptModel(database);
    const succeed = (outTradeNo: string) =>
      database.transaction((tx) =>
        model.insertMoved(tx, { ...told(4), outTradeNo }, "succeed", { ...received, successOf: 4 }),
      );
    await succeed("callback-4");
    await assert.rejects(succeed("callback-4-2"), DuplicateKeyError);
    assert.equal((await model.findByPay(4)).length, 1);
  });
});
