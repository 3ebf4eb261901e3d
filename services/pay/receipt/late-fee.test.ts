import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { forEachDatabase } from "@mall/kit/testing";
import type { Channel, PaidTrade } from "../channels/channel.ts";
import { ATTEMPT_STATE } from "../model/attempt-state.ts";
import { type Difference, verifyBooks } from "../model/books/verify-books.ts";
import { PAY_JOB } from "../rpc/pay-jobs.ts";
import { call, openPayWorld, type PayWorld } from "../rpc/test-pay-world.ts";
import { lateFee } from "./late-fee.ts";
import { recordSuccess } from "./record-success.ts";

const WEEK_MS = 7 * 24 * 3_600_000;

forEachDatabase("a fee that comes after its money", (databases) => {
  let world: PayWorld;
  before(async () => {
    world = await openPayWorld(databases);
  });
  after(() => world.close());

  /** Money at a channel that does not know its fee yet, or never does. */
  const receive = async (channel: Partial<Channel>) => {
    const { id: payId } = await world.openPay();
    const sandbox = world.context.channels.get("sandbox");
    assert.ok(sandbox !== undefined);
    const told: { fee?: number } = {};
    const paid = (): PaidTrade => {
      const pieces = { tradeNo: `T${payId}`, amount: 500, currency: "CNY", paidAt: world.runtime.now() };
      return { state: "paid", ...pieces, ...told };
    };
    const later: Channel = {
      ...sandbox,
      name: "later",
      query: async () => ({ kind: "yes", value: paid() }),
      ...channel,
    };
    const context = { ...world.context, channels: new Map([["later", later]]) };
    const state = ATTEMPT_STATE.pending;
    const row = { payId, outTradeNo: `F${payId}`, channel: "later", amount: 500, currency: "CNY", state };
    const attemptId = await context.attemptModel.insert(row);
    const attempt = await context.attemptModel.findOne(attemptId);
    assert.ok(attempt !== undefined);
    await recordSuccess(context, attempt, paid());
    const ask = (createdAt = world.runtime.now()) => lateFee(context, call(), { attemptId }, { createdAt });
    return { attemptId, told, ask };
  };
  const assertVerified = async (): Promise<void> => {
    const differences: Difference[] = [];
    await verifyBooks(world.database, (difference) => differences.push(difference));
    assert.deepEqual(differences, []);
  };
  const jobsOf = async (attemptId: number): Promise<number> => {
    const sql = "SELECT id FROM job WHERE kind = ? AND unique_key = ?";
    return (await world.database.read({ sql, parameters: [PAY_JOB.lateFee, `late-fee-${attemptId}`] }))
      .length;
  };
  const linesOf = (attemptId: number, entry: string) =>
    world.database.read({
      sql: "SELECT account, debit, credit FROM ledger_entry WHERE txn_key = ? ORDER BY line",
      parameters: [`${entry}:${attemptId}`],
    });

  it("is asked for again and again, and booked once, beside the receipt, which stays as it is", async () => {
    const { attemptId, told, ask } = await receive({ tellsFeesLater: true });
    assert.equal(await jobsOf(attemptId), 1);
    const receipt = await linesOf(attemptId, "receipt");
    assert.ok(((await ask())?.again ?? 0) >= 30_000);
    assert.deepEqual(await linesOf(attemptId, "fee"), []);
    told.fee = 3;
    for (let time = 0; time < 2; time += 1) assert.equal(await ask(), undefined);
    assert.deepEqual(
      (await linesOf(attemptId, "fee")).map(({ account, debit, credit }) => [
        account,
        Number(debit),
        Number(credit),
      ]),
      [
        ["fees", 3, 0],
        ["channel:later", 0, 3],
      ],
    );
    assert.deepEqual(await linesOf(attemptId, "receipt"), receipt);
    await assertVerified();
  });

  it("may be nothing, or never be told", async () => {
    const free = await receive({ tellsFeesLater: true });
    free.told.fee = 0;
    assert.equal(await free.ask(), undefined);
    assert.equal((await world.context.attemptModel.findOne(free.attemptId))?.lateFee, 0);
    const untold = await receive({ tellsFeesLater: true });
    assert.equal(await untold.ask(world.runtime.now() - WEEK_MS), undefined);
    const never = await receive({});
    assert.equal(await jobsOf(never.attemptId), 0);
    await assertVerified();
  });
});
