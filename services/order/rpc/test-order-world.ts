import assert from "node:assert/strict";
import { ROLE } from "@mall/kit/auth";
import { Call } from "@mall/kit/call";
import { checkConfig, jobsConfig, rpcClientConfig } from "@mall/kit/config";
import { AppError } from "@mall/kit/errors";
import { silentLogger } from "@mall/kit/log";
import { noopObserver, type Observer } from "@mall/kit/observe";
import { createBreakers, createLocalPlacement, type LocalPlacement } from "@mall/kit/process";
import { type Database, migrateToLatest } from "@mall/kit/store";
import { createShiftedRuntime, type ShiftedRuntime, type TestDatabases, until } from "@mall/kit/testing";
import { type ProductClient, ProductService } from "@mall/product/rpc";
import { productRpc } from "@mall/product/rpc/main";
import { type UserClient, UserService } from "@mall/user/rpc";
import { userNotFound } from "@mall/user/rpc/errors";
import { answerBranches } from "../dtm/branch-orders.ts";
import { buildContext, startOrderJobs } from "./build.ts";
import { orderRpcConfig } from "./config.ts";
import type { ServiceContext } from "./context.ts";
import { type OrderClient, OrderService } from "./gen/order.ts";
import { createOrderServer } from "./gen/server.ts";
import { orderRpc } from "./main.ts";

/** The price of every product here, minor units. */
export const PRICE = 100;
export const ACTOR = { who: "user:7", role: ROLE.staff, address: "203.0.113.9" };
const CALL_MS = 10_000;
/** The largest page. */
const PAGE = 500;

/** What gets lost on the way to the product service: the request, or the answer after it was carried out. */
type Loss = "request" | "answer";

/** One process of the order service, and a client of it. */
export interface OrderProcess {
  readonly context: ServiceContext;
  readonly client: OrderClient;
  stop(): Promise<void>;
}

/** The order service over a real database and real products. */
export interface OrderWorld extends OrderProcess {
  readonly database: Database;
  readonly runtime: ShiftedRuntime;
  /** Called as staff; nothing gets lost. */
  readonly products: ProductClient;
  /** Users that no longer exist. */
  readonly usersGone: Set<number>;
  /** Another process on the same database. */
  replica(): Promise<OrderProcess>;
  /** A user without orders. */
  newUser(): number;
  putUp(stock: number): Promise<number>;
  /** A request for one piece, by a new user unless given one. */
  request(pid: number, uid?: number): { uid: number; pid: number; amount: number; status: number };
  order(pid: number, uid?: number): Promise<number>;
  cancelled(pid: number): Promise<number>;
  /** The orders of a product, newest first. */
  ordersOf(pid: number): Promise<{ readonly id: number; readonly status: number }[]>;
  stockOf(pid: number): Promise<number>;
  statusOf(id: number): Promise<number>;
  /** How often pieces were refused for lack of stock, as `mall_stock_refusals_total` counts. */
  refusals(): number;
  /** Makes each of the next calls to the product service lose something. */
  lose(...losses: readonly Loss[]): void;
  /** Resolves when no saga and no job of an order is running. */
  quiet(): Promise<void>;
  /** Asserts that every piece is in stock or held by a live order. */
  assertPieces(pid: number, initial: number): Promise<void>;
  close(): Promise<void>;
}

interface Settings {
  /** Whether products are a separate service; by default they take part in the transactions of orders. */
  readonly apart?: boolean;
  /** Additional configuration keys. */
  readonly keys?: object;
  /** Keys of the block `Jobs`. */
  readonly jobs?: object;
  /** Wraps the context of a process. */
  readonly around?: (context: ServiceContext) => ServiceContext;
}

export async function openOrderWorld(databases: TestDatabases, settings: Settings = {}): Promise<OrderWorld> {
  const runtime = createShiftedRuntime();
  const losses: Loss[] = [];
  const usersGone = new Set<number>();
  const counts = new Map<string, number>();
  const observer = countingObserver(counts);
  const dataSource = await databases.createDataSource();
  const database = await databases.open({ dataSource, runtime });
  for (const set of orderRpc.migrations) await migrateToLatest(database, set);
  const apart = settings.apart === true ? createTestPlacement(runtime, observer) : undefined;
  const shop = apart && (await openProducts(apart, databases, await databases.createDataSource()));
  if (apart === undefined) for (const set of productRpc.migrations) await migrateToLatest(database, set);
  const outside = { runtime, losses, usersGone, observer, dataSource, settings, shop };
  const processes: (OrderProcess & { products: ProductClient })[] = [];
  const start = async () => {
    const process = await startProcess(outside);
    processes.push(process);
    return process;
  };
  const first = await start();
  const { client, products } = first;
  let users = 0;
  const world: OrderWorld = {
    ...first,
    database,
    runtime,
    usersGone,
    replica: start,
    newUser: () => {
      users += 1;
      return users;
    },
    putUp: async (stock) =>
      (await products.create(call(), { name: "苹果", desc: "", stock, amount: PRICE, status: 0 })).id,
    request: (pid, uid = world.newUser()) => ({ uid, pid, amount: PRICE, status: 0 }),
    order: async (pid, uid) => (await client.create(call(), world.request(pid, uid))).id,
    cancelled: async (pid) => {
      const id = await world.order(pid);
      await client.update(call(), { id, status: 9 });
      return id;
    },
    ordersOf: async (pid) => {
      const { orderModel } = first.context;
      const rows = await orderModel.findMany((query) =>
        query.where("pid", "=", pid).orderBy("id", "desc").limit(PAGE),
      );
      return rows.map(({ id, status }) => ({ id, status }));
    },
    stockOf: async (pid) => (await products.detail(call(), { id: pid })).stock,
    statusOf: async (id) => (await client.detail(call(), { id })).status,
    refusals: () => counts.get("mall_stock_refusals_total") ?? 0,
    lose: (...next) => {
      losses.push(...next);
    },
    quiet: async () => {
      await until("orders came to rest", async () => (await countOpen(database)) === 0);
    },
    assertPieces: async (pid, initial) => {
      await world.quiet();
      const held = (await world.ordersOf(pid)).filter(({ status }) => status === 0 || status === 1);
      assert.equal((await world.stockOf(pid)) + held.length, initial);
    },
    close: async () => {
      for (const { stop } of processes) await stop();
      await apart?.close();
    },
  };
  return world;
}

interface Outside {
  readonly runtime: ShiftedRuntime;
  readonly losses: Loss[];
  readonly usersGone: ReadonlySet<number>;
  readonly observer: Observer;
  readonly dataSource: string;
  readonly settings: Settings;
  /** The product service, if it is separate. */
  readonly shop: ProductClient | undefined;
}

async function startProcess({ runtime, losses, usersGone, observer, dataSource, settings, shop }: Outside) {
  const placement = createTestPlacement(runtime, observer, settings.jobs);
  const products = shop ?? (await buildProducts(placement, dataSource));
  const users: Pick<UserClient, "userInfo"> = {
    userInfo: async (_call, { id }) => {
      if (usersGone.has(id)) throw userNotFound();
      return { id, name: "ving", gender: 1, mobile: "1" };
    },
  };
  placement.provide(ProductService, losing(products, losses));
  const own = { Name: "order.rpc", ListenOn: "127.0.0.1:0", Mysql: { DataSource: dataSource } };
  const values = { ...own, UserRpc: {}, ProductRpc: {}, ...settings.keys };
  const built = await buildContext(checkConfig("(test)", values, orderRpcConfig), {
    ...placement,
    // The methods that orders do not call are missing.
    client: (definition, ...way) =>
      (definition as object) === UserService ? (users as never) : placement.client(definition, ...way),
  });
  const context = settings.around?.(built) ?? built;
  await startOrderJobs(context);
  placement.provide(OrderService, answerBranches(context, createOrderServer(context)));
  placement.startJobs();
  const client = placement.client(OrderService, CLIENT, "(test)");
  return { context, client, products, stop: () => placement.close() };
}

const CLIENT = checkConfig("(test)", { Timeout: CALL_MS }, rpcClientConfig);

/** An observer that only keeps the services' counters, by name. */
function countingObserver(counts: Map<string, number>): Observer {
  return {
    ...noopObserver,
    counter: ({ name }) => ({ add: (amount) => counts.set(name, (counts.get(name) ?? 0) + amount) }),
  };
}

function createTestPlacement(runtime: ShiftedRuntime, observer: Observer, keys: object = {}): LocalPlacement {
  const watched = { runtime, log: silentLogger, observer };
  const jobs = jobsConfig.parse({ Interval: "10ms", ...keys });
  return createLocalPlacement({
    ...watched,
    breakers: createBreakers(watched),
    serverTimeoutMs: CALL_MS,
    jobs,
  });
}

async function openProducts(
  placement: LocalPlacement,
  databases: TestDatabases,
  dataSource: string,
): Promise<ProductClient> {
  const database = await databases.open({ dataSource });
  for (const set of productRpc.migrations) await migrateToLatest(database, set);
  return buildProducts(placement, dataSource);
}

async function buildProducts(placement: LocalPlacement, dataSource: string): Promise<ProductClient> {
  const values = { Name: "product.rpc", ListenOn: ":0", Mysql: { DataSource: dataSource } };
  const config = checkConfig("(test)", values, productRpc.config);
  placement.provide(ProductService, await productRpc.build(config, placement));
  return placement.client(ProductService, CLIENT, "(test)");
}

/** A product client that may lose the calls that take pieces or return them. */
function losing(products: ProductClient, losses: Loss[]): ProductClient {
  const lossy =
    <Request, Response>(method: (call: Call, request: Request) => Promise<Response>) =>
    async (caller: Call, request: Request): Promise<Response> => {
      const loss = losses.shift();
      if (loss === "request") throw lost();
      // Forwards the attachments of the call.
      const { deadline, branch } = caller;
      const answer = await method(new Call({ deadline, attachments: { branch } }), request);
      if (loss === "answer") throw lost();
      return answer;
    };
  return {
    ...products,
    decrStock: lossy(products.decrStock),
    decrStockRevert: lossy(products.decrStockRevert),
  };
}

function lost(): AppError {
  return new AppError("UNAVAILABLE", "NO_ANSWER", "no answer");
}

async function countOpen({ query }: Database): Promise<number> {
  const sagas = await query.selectFrom("saga").select("gid").where("state", "in", [0, 1]).execute();
  const jobs = await query
    .selectFrom("job")
    .select("id")
    .where("queue", "=", "order")
    .where("state", "=", 0)
    .where("kind", "!=", "order.expire")
    .execute();
  return sagas.length + jobs.length;
}

export function call(): Call {
  return new Call();
}

/** A call with an idempotency key. */
export function keyed(key: string): Call {
  const idempotency = { key, owner: "user:1" };
  return new Call({ attachments: { idempotency } });
}

/** A call on behalf of a member of staff. */
export function byStaff(key?: string): Call {
  const idempotency = key === undefined ? undefined : { key, owner: ACTOR.who };
  return new Call({ attachments: { actor: ACTOR, idempotency } });
}

/** The outcome of a call: `done`, or the reason of its refusal. */
export async function endOf(pending: Promise<unknown>): Promise<string> {
  try {
    await pending;
    return "done";
  } catch (error) {
    if (error instanceof AppError) return error.reason;
    throw error;
  }
}
