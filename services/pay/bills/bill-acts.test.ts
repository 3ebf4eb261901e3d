import assert from "node:assert/strict";
import { after, before, beforeEach, it } from "node:test";
import { forEachDatabase } from "@mall/kit/testing";
import { BILL_STATE } from "../model/pay-bill-model.ts";
import { DAY, NEXT_DAY, payment } from "../reconcile/test-billed.ts";
import type { Bill, BillDifference } from "../rpc/gen/pay.ts";
import { createPayServer } from "../rpc/gen/server.ts";
import { call, refused } from "../rpc/test-pay-world.ts";
import { DAY_MS, DailyBills, READY, staff } from "./test-daily-bills.ts";

const SETTLE = "/pay.Pay/BillDifferenceSettle";
const COMPARE = "/pay.Pay/BillCompare";

forEachDatabase("bills and their differences", (databases) => {
  let daily: DailyBills;
  before(async () => {
    daily = await DailyBills.open(databases);
  });
  after(() => daily.world.close());
  beforeEach(() => daily.begin());

  it("have differences that somebody settles with a note, once, and that stay settled", async () => {
    await daily.look();
    daily.days[DAY] = [payment("P0")];
    daily.clock = READY;
    await daily.look();
    const [{ id, billId }] = (await daily.differences()) as [BillDifference];
    const server = createPayServer(daily.process());
    const settle = (note: string) => server.billDifferenceSettle(staff(SETTLE), { id, note });
    for (const note of ["", "x".repeat(256)])
      await assert.rejects(settle(note), { code: "INVALID_ARGUMENT", field: "note" });
    await refused(
      server.billDifferenceSettle(staff(SETTLE), { id: id + 1, note: "x" }),
      "BILL_DIFFERENCE_NOT_FOUND",
    );
    const settled = await settle("of our other shop");
    assert.deepEqual(
      [settled.state, settled.note, settled.settledBy, settled.endedTime, settled.day],
      [1, "of our other shop", "user:7", READY / 1000, DAY],
    );
    assert.deepEqual(await settle("something else"), settled);
    assert.deepEqual(
      (await daily.list()).map(({ open, differences }) => [open, differences]),
      [[0, 1]],
    );
    daily.days[NEXT_DAY] = [];
    daily.clock += DAY_MS;
    await daily.look();
    assert.deepEqual([await daily.told(0), await daily.told(1)], [[], [`${DAY} PAYMENT_UNKNOWN P0`]]);
    const audit = "SELECT who FROM audit_entry WHERE subject = ?";
    const acts = await daily.world.database.read({ sql: audit, parameters: [`bill-difference/${id}`] });
    assert.deepEqual(
      acts.map(({ who }) => who),
      ["user:7"],
    );
    assert.equal(
      (await server.billDifferenceList(call(), { billId: billId + 1, before: 0, limit: 0 })).data.length,
      0,
    );
  });

  it("are compared again when somebody asks for it, and only once where that is about to happen", async () => {
    await daily.look();
    daily.days[DAY] = [payment("P0")];
    daily.clock = READY;
    await daily.look();
    const [{ id }] = (await daily.list()) as [Bill];
    const context = daily.process();
    const server = createPayServer(context);
    await refused(server.billCompare(staff(COMPARE), { id: id + 1 }), "BILL_NOT_FOUND");
    for (let times = 0; times < 2; times += 1)
      assert.deepEqual(
        [(await server.billCompare(staff(COMPARE), { id })).state, daily.asked.map((job) => job.id)],
        [BILL_STATE.waiting, [id]],
      );
    daily.days[DAY] = [];
    await daily.look();
    assert.deepEqual(
      [(await daily.list())[0]?.state, await daily.told(2)],
      [BILL_STATE.compared, [`${DAY} PAYMENT_UNKNOWN P0`]],
    );
    daily.days[DAY] = [payment("P0")];
    await server.billCompare(staff(COMPARE), { id });
    await daily.look();
    assert.deepEqual(await daily.told(0), [`${DAY} PAYMENT_UNKNOWN P0`]);
  });
});
