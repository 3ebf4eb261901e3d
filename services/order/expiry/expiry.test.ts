import { it } from "node:test";
import { checkConfig, jobsConfig } from "@mall/kit/config";
import { createJobWorkers } from "@mall/kit/jobs";
import { silentLogger } from "@mall/kit/log";
import { noopObserver } from "@mall/kit/observe";
import { Participants, type Placement, Revocations } from "@mall/kit/process";
import { type Database, migrateToLatest } from "@mall/kit/store";
import { createShiftedRuntime, forEachDatabase, until } from "@mall/kit/testing";
import { buildContext, startOrderJobs } from "../rpc/build.ts";
import { orderRpcConfig } from "../rpc/config.ts";
import { orderRpc } from "../rpc/main.ts";

/** A database that is away for a moment must not keep what is due waiting for much longer. */
const SOON_MS = 5_000;
const CANCELLED = 9;

/** When the look for what is due comes again, milliseconds since the epoch. */
async function nextLook(database: Database): Promise<number> {
  const sql = "SELECT due_at AS due FROM job WHERE unique_key = 'order.expire'";
  const [row] = await database.read({ sql, parameters: [] });
  return Number(row?.due);
}

forEachDatabase("orders at their end", (databases) => {
  it("are looked for again soon where the database could not be asked, and then cancelled", async (t) => {
    const runtime = createShiftedRuntime();
    const database = await databases.open({ runtime });
    for (const set of orderRpc.migrations) await migrateToLatest(database, set);
    const workers = createJobWorkers({
      runtime,
      log: silentLogger,
      observer: noopObserver,
      config: jobsConfig.parse({ Interval: "10ms", Horizon: "0" }),
    });
    t.after(() => workers.drain(0));
    const nobody = (): never => {
      throw new Error("nobody is asked here");
    };
    const placement: Placement = {
      runtime,
      log: silentLogger,
      observer: noopObserver,
      revocations: new Revocations({ runtime, log: silentLogger }),
      http: { send: nobody },
      database: async () => database,
      cache: async () => undefined,
      jobs: workers.open,
      client: <Client>() => ({}) as Client,
      outside: nobody,
      missing: async () => [],
      participants: new Participants(),
    };
    const own = { Name: "order.rpc", ListenOn: "127.0.0.1:0", Mysql: { DataSource: "sqlite:x" } };
    const values = { ...own, UserRpc: {}, ProductRpc: {} };
    const context = await buildContext(checkConfig("(test)", values, orderRpcConfig), placement);
    const order = { uid: 1, pid: 1, amount: 100, status: 0, expireTime: new Date(runtime.now() - SOON_MS) };
    const id = await context.orderModel.insert(order);
    const lost = Promise.withResolvers<void>();
    let away = true;
    const findFirstToExpire: typeof context.orderModel.findFirstToExpire = async (limit) => {
      if (!away) return context.orderModel.findFirstToExpire(limit);
      lost.resolve();
      throw new Error("the database is away");
    };
    await startOrderJobs({ ...context, orderModel: { ...context.orderModel, findFirstToExpire } });
    workers.start();
    await lost.promise;
    await until("the next look is soon", async () => {
      const waitMs = (await nextLook(database)) - runtime.now();
      return waitMs > 0 && waitMs <= SOON_MS;
    });
    away = false;
    runtime.shift(SOON_MS);
    await until(
      "the order is cancelled",
      async () => (await context.orderModel.findOne(id))?.status === CANCELLED,
    );
  });
});
