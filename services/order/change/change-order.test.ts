import assert from "node:assert/strict";
import { it, type TestContext } from "node:test";
import { listActs } from "@mall/kit/audit";
import { ROLE } from "@mall/kit/auth";
import { backgroundCall, Call } from "@mall/kit/call";
import { checkConfig, jobsConfig } from "@mall/kit/config";
import { createJobWorkers } from "@mall/kit/jobs";
import { silentLogger } from "@mall/kit/log";
import { noopObserver } from "@mall/kit/observe";
import { Participants, type Placement, Revocations } from "@mall/kit/process";
import { migrateToLatest } from "@mall/kit/store";
import { createShiftedRuntime, forEachDatabase } from "@mall/kit/testing";
import { buildContext, startOrderJobs } from "../rpc/build.ts";
import { orderRpcConfig } from "../rpc/config.ts";
import { createOrderServer } from "../rpc/gen/server.ts";
import { orderRpc } from "../rpc/main.ts";

const ACTOR = { who: "user:7", role: ROLE.staff, address: "203.0.113.9" };

forEachDatabase("what staff do about orders is written down", (databases) => {
  /** An order service whose product service takes everything back. */
  async function start(t: TestContext) {
    const runtime = createShiftedRuntime();
    const database = await databases.open({ runtime });
    for (const set of orderRpc.migrations) await migrateToLatest(database, set);
    const common = { runtime, log: silentLogger, observer: noopObserver };
    const workers = createJobWorkers({ ...common, config: jobsConfig.parse({ Interval: "10ms" }) });
    t.after(() => workers.drain(0));
    const products = { decrStockRevert: async () => ({}) };
    const nobody = (): never => {
      throw new Error("nobody is asked here");
    };
    const placement: Placement = {
      ...common,
      revocations: new Revocations(common),
      http: { send: nobody },
      database: async () => database,
      cache: async () => undefined,
      jobs: workers.open,
      // Of the two that are asked for only the product service is called.
      client: <Client>() => products as Client,
      outside: nobody,
      missing: async () => [],
      participants: new Participants(),
    };
    const own = { Name: "order.rpc", ListenOn: "127.0.0.1:0", Mysql: { DataSource: "sqlite:x" } };
    const values = { ...own, UserRpc: {}, ProductRpc: {} };
    const context = await buildContext(checkConfig("(test)", values, orderRpcConfig), placement);
    await startOrderJobs(context);
    workers.start();
    const told = async (id: number): Promise<unknown[]> => {
      const acts = await listActs(database, { subject: `order/${id}`, limit: 10 });
      const facts = acts.map(({ service, who, role, address, operation, stateBefore, stateAfter }) => {
        assert.deepEqual([service, who, role, address], ["order", ACTOR.who, ACTOR.role, ACTOR.address]);
        return [operation, stateBefore, stateAfter];
      });
      return facts.toReversed();
    };
    const open = (values: object = {}) =>
      context.orderModel.insert({ uid: 1, pid: 1, amount: 100, status: 0, ...values });
    return { client: createOrderServer(context), open, told };
  }

  const staff = (key?: string): Call => {
    const idempotency = key === undefined ? undefined : { key, owner: "user:7" };
    return new Call({ actor: ACTOR, idempotency });
  };

  it("another amount, a cancellation and a removal, each once", async (t) => {
    const { client, open, told } = await start(t);
    const id = await open();
    for (let times = 0; times < 2; times += 1) {
      await client.update(staff("price"), { id, amount: 90 });
      await client.update(staff(), { id, amount: 90 });
    }
    for (let times = 0; times < 2; times += 1) await client.update(staff("end"), { id, status: 9 });
    for (let times = 0; times < 2; times += 1) await client.remove(staff("away"), { id });
    assert.deepEqual(await told(id), [
      ["/order.Order/Update", '{"amount":100}', '{"amount":90}'],
      ["/order.Order/Update", '{"status":0}', '{"status":9}'],
      ["/order.Order/Remove", '{"status":9}', '{"status":10}'],
    ]);
    const unpaid = await open();
    await client.remove(staff(), { id: unpaid });
    assert.deepEqual(await told(unpaid), [["/order.Order/Remove", '{"status":0}', '{"status":10}']]);
  });

  it("nothing that is refused, nor what owners, payments and time do", async (t) => {
    const { client, open, told } = await start(t);
    const paid = await open({ status: 1 });
    await assert.rejects(client.update(staff(), { id: paid, status: 9 }), { reason: "ORDER_STATE_CONFLICT" });
    await assert.rejects(client.remove(staff(), { id: paid }), { reason: "ORDER_STATE_CONFLICT" });
    const own = await open();
    await client.update(backgroundCall(), { id: own, status: 9 });
    const bought = await open();
    await client.paid(staff(), { id: bought, amount: 100 });
    await client.refunded(staff(), { id: bought });
    for (const id of [paid, own, bought]) assert.deepEqual(await told(id), []);
  });
});
