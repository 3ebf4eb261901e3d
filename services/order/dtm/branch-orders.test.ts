import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, it } from "node:test";
import type { BranchInfo, Call } from "@mall/kit/call";
import { callBranch } from "@mall/kit/saga";
import { forEachDatabase } from "@mall/kit/testing";
import { call, endOf, type OrderWorld, openOrderWorld } from "../rpc/test-order-world.ts";

const YEAR_MS = 365 * 86_400_000;

forEachDatabase("an order as a step of somebody else's saga", (databases) => {
  let world: OrderWorld;
  before(async () => {
    world = await openOrderWorld(databases);
  });
  after(() => world.close());

  /** What a coordinator sends to the steps of one saga, in the order of go-zero-mall's branch `dtm`. */
  const saga = (pid: number) => {
    const gid = randomUUID();
    const { client, products } = world;
    const ask = (branchId: string, op: string, work: (call: Call) => Promise<unknown>) =>
      endOf(callBranch(call(), { gid, transType: "saga", branchId, op } satisfies BranchInfo, work));
    const asked = world.request(pid);
    const pieces = { id: pid, num: 1 };
    return {
      create: (changes: object = {}) =>
        ask("01", "action", (branch) => client.create(branch, { ...asked, ...changes })),
      createRevert: () => ask("01", "compensate", (branch) => client.createRevert(branch, asked)),
      take: () => ask("02", "action", (branch) => products.decrStock(branch, pieces)),
      giveBack: () => ask("02", "compensate", (branch) => products.decrStockRevert(branch, pieces)),
    };
  };
  const onlyOrder = async (pid: number): Promise<number> => (await world.ordersOf(pid))[0]?.id ?? 0;
  const cancel = async (pid: number): Promise<void> => {
    await world.client.update(call(), { id: await onlyOrder(pid), status: 9 });
  };

  it("is one, with one piece, however often its steps are repeated", async () => {
    const pid = await world.putUp(2);
    const { create, take } = saga(pid);
    for (let time = 0; time < 2; time += 1) {
      assert.deepEqual([await create(), await take()], ["done", "done"]);
    }
    assert.deepEqual([(await world.ordersOf(pid)).length, await world.stockOf(pid)], [1, 1]);
    await world.assertPieces(pid, 2);
  });

  it("is cancelled by its own saga alone, once, and nothing that comes late is written", async () => {
    const pid = await world.putUp(3);
    const [first, second] = [saga(pid), saga(pid)];
    for (const each of [first, second])
      assert.deepEqual([await each.create(), await each.take()], ["done", "done"]);
    for (let time = 0; time < 2; time += 1) {
      assert.deepEqual([await first.giveBack(), await first.createRevert()], ["done", "done"]);
    }
    assert.deepEqual(
      (await world.ordersOf(pid)).map(({ status }) => status),
      [0, 9],
    );
    await world.assertPieces(pid, 3);
    const never = saga(pid);
    assert.deepEqual([await never.createRevert(), await never.create()], ["done", "done"]);
    assert.equal((await world.ordersOf(pid)).length, 2);
  });

  it("is refused with ABORTED where the business does, so that the saga is taken back", async () => {
    const pid = await world.putUp(1);
    const refusal = { gid: randomUUID(), transType: "saga", branchId: "01", op: "action" };
    const request = { ...world.request(pid), amount: 1 };
    const pending = callBranch(call(), refusal, (branch) => world.client.create(branch, request));
    await assert.rejects(pending, { code: "ABORTED", reason: "PRICE_MISMATCH" });
    const gone = world.newUser();
    world.usersGone.add(gone);
    assert.equal(await saga(pid).create({ uid: gone }), "USER_NOT_FOUND");
    assert.deepEqual(await world.ordersOf(pid), []);
  });

  it("gives no piece back where it is cancelled before one is taken, and none is taken", async () => {
    const pid = await world.putUp(1);
    const { create, take } = saga(pid);
    await create();
    await cancel(pid);
    await world.quiet();
    assert.equal(await world.stockOf(pid), 1, "no piece came from nowhere");
    assert.equal(await take(), "done");
    await world.assertPieces(pid, 1);
  });

  it("gives its piece back once where its owner cancels it and its saga takes it back", async () => {
    const pid = await world.putUp(1);
    const { create, take, giveBack, createRevert } = saga(pid);
    await create();
    await take();
    await Promise.all([cancel(pid), giveBack()]);
    assert.equal(await createRevert(), "done");
    await world.assertPieces(pid, 1);
    assert.equal(await world.stockOf(pid), 1);
  });

  it("gives its piece back where it is refunded when its saga is long forgotten", async () => {
    const pid = await world.putUp(1);
    const { create, take } = saga(pid);
    await create();
    await take();
    const id = await onlyOrder(pid);
    await world.client.paid(call(), { id });
    const { query, times } = world.database;
    const longAgo = times.toText(new Date(world.runtime.now() - YEAR_MS));
    await query.updateTable("order").set({ create_time: longAgo }).where("id", "=", id).execute();
    await query.deleteFrom("barrier").execute();
    await world.client.refunded(call(), { id });
    await world.assertPieces(pid, 1);
    assert.equal(await world.stockOf(pid), 1);
  });

  it("that was paid before its saga was decided is taken back only once its money went back", async () => {
    const pid = await world.putUp(0);
    const { create, giveBack, createRevert } = saga(pid);
    await create();
    const id = await onlyOrder(pid);
    await world.client.paid(call(), { id });
    assert.deepEqual([await giveBack(), await createRevert()], ["done", "ORDER_ALREADY_PAID"]);
    await world.client.refunded(call(), { id });
    assert.equal(await createRevert(), "done");
    await world.assertPieces(pid, 0);
  });

  it("cannot be taken back by a call that names no saga", async () => {
    const pending = world.client.createRevert(call(), world.request(await world.putUp(1)));
    assert.equal(await endOf(pending), "BRANCH_REQUIRED");
  });
});
