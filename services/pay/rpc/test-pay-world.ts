import assert from "node:assert/strict";
import { backgroundCall, type Call } from "@mall/kit/call";
import { checkConfig, jobsConfig } from "@mall/kit/config";
import { AppError } from "@mall/kit/errors";
import type { HttpTransport } from "@mall/kit/http";
import { createJobWorkers } from "@mall/kit/jobs";
import { silentLogger } from "@mall/kit/log";
import { noopObserver, type Observer } from "@mall/kit/observe";
import { Participants, type Placement, Revocations } from "@mall/kit/process";
import { bindLocalClient } from "@mall/kit/rpc";
import { type Database, migrateToLatest } from "@mall/kit/store";
import { createShiftedRuntime, type ShiftedRuntime, type TestDatabases, until } from "@mall/kit/testing";
import { OrderService } from "@mall/order/rpc";
import { type UserClient, UserService } from "@mall/user/rpc";
import { userNotFound } from "@mall/user/rpc/errors";
import { createSandboxBank, type SandboxBank } from "../channels/sandbox/bank/index.ts";
import { createMemoryBankStore } from "../channels/sandbox/bank/test-memory-store.ts";
import { type Difference, verifyBooks } from "../model/books/verify-books.ts";
import { buildContext } from "./build.ts";
import { payRpcConfig } from "./config.ts";
import type { ServiceContext } from "./context.ts";
import { type NotifyRequest, type PayClient, PayService } from "./gen/pay.ts";
import { createPayServer } from "./gen/server.ts";
import { payRpc } from "./main.ts";
import { createTestOrders, type TestOrder, type TestOrders } from "./test-orders.ts";

const SECRET = "a secret of the two sides";
/** A minute that passes ends the calls of jobs under way: some must have the time to end well. */
const WAITS_A_MINUTE = 10;
const MINUTE_MS = 60_000;

/** One process of the pay service. */
export interface PayProcess {
  readonly context: ServiceContext;
  readonly client: PayClient;
  /** Ends its jobs as a process does that dies: nothing of theirs is given back. */
  stop(): Promise<void>;
}

/** The pay service over a real database and a sandbox bank, with orders that obey the test. */
export interface PayWorld extends PayProcess {
  readonly database: Database;
  readonly runtime: ShiftedRuntime;
  readonly orders: TestOrders;
  /** Users that are there no more. */
  readonly usersGone: Set<number>;
  readonly bank: SandboxBank;
  /** Whether the bank's notifications arrive. */
  hears: boolean;
  /** The most requests that the bank has had at once. */
  readonly busiest: number;
  /** What the bank sent, whether it arrived or not. */
  readonly sent: readonly NotifyRequest[];
  /** Another process over the same database, with other settings where some are given. */
  replica(settings?: object): Promise<PayProcess>;
  /** Opens the payment of a new order. */
  openPay(order?: Partial<TestOrder>): Promise<{ readonly id: number; readonly order: TestOrder }>;
  /** Waits until a payment tells this. */
  untilPay(id: number, told: Readonly<Record<string, unknown>>): Promise<void>;
  /** Asks until it is true. */
  until(what: string, ask: () => Promise<boolean> | boolean): Promise<void>;
  /** Asks until it is true, while minute after minute passes. */
  untilLater(what: string, ask: () => Promise<boolean>): Promise<void>;
  /** Asks until it is known that the channel refused a refund, which is not the end of it yet. */
  untilRefused(refundNo: string): Promise<void>;
  close(): Promise<void>;
}

export const call = (): Call => backgroundCall();

export async function openPayWorld(
  databases: TestDatabases,
  settings: {
    readonly PayExpire?: string;
    readonly Currency?: string;
    readonly Approval?: { readonly Above: number };
  } = {},
  observer: Observer = noopObserver,
): Promise<PayWorld> {
  const runtime = createShiftedRuntime();
  const database = await databases.open({ runtime });
  for (const set of payRpc.migrations) await migrateToLatest(database, set);
  const orders = createTestOrders();
  const line: Line = { hears: false, sent: [], busy: 0, busiest: 0 };
  const bank = openBank(runtime, line);
  const usersGone = new Set<number>();
  const outside = { database, runtime, orders, usersGone, bank, line, settings, observer };
  const process = await startProcess(outside);
  const processes = [process];
  line.client = process.client;
  return {
    ...process,
    ...outside,
    get hears() {
      return line.hears;
    },
    set hears(hears) {
      line.hears = hears;
    },
    get busiest() {
      return line.busiest;
    },
    sent: line.sent,
    until: waitFor,
    untilLater: (what, ask) => {
      let asked = 0;
      return waitFor(what, async () => {
        asked += 1;
        if (asked % WAITS_A_MINUTE === 0) runtime.shift(MINUTE_MS);
        return ask();
      });
    },
    replica: async (changed = {}) => {
      const other = await startProcess({ ...outside, settings: { ...settings, ...changed } });
      processes.push(other);
      return other;
    },
    untilRefused: (refundNo) =>
      waitFor(`the refusal of ${refundNo} is known`, async () => {
        const told = await process.client.refundDetail(call(), { refundNo }).catch(() => undefined);
        return told !== undefined && told.error !== "";
      }),
    openPay: async (values) => {
      const order = orders.add(values);
      const { uid, amount } = order;
      const { id } = await process.client.create(call(), { uid, oid: order.id, amount });
      return { id, order };
    },
    untilPay: (id, told) =>
      waitFor(`payment ${id} tells ${JSON.stringify(told)}`, async () => {
        const detail: object = await process.client.detail(call(), { id });
        return Object.entries(told).every(([key, value]) => Reflect.get(detail, key) === value);
      }),
    close: async () => {
      for (const each of processes) await each.stop();
      await bank.close();
    },
  };
}

async function waitFor(what: string, ask: () => Promise<boolean> | boolean): Promise<void> {
  await until(what, ask);
}

/** What carries requests to the bank, and notifications to the pay service. */
interface Line {
  busy: number;
  busiest: number;
  hears: boolean;
  readonly sent: NotifyRequest[];
  client?: PayClient;
}

interface Outside {
  readonly database: Database;
  readonly runtime: ShiftedRuntime;
  readonly orders: TestOrders;
  readonly usersGone: ReadonlySet<number>;
  readonly bank: SandboxBank;
  readonly line: Line;
  readonly settings: object;
  readonly observer: Observer;
}

async function startProcess(outside: Outside): Promise<PayProcess> {
  const { database, runtime, orders, usersGone, settings, observer } = outside;
  const common = { runtime, log: silentLogger, observer };
  const workers = createJobWorkers({ ...common, config: jobsConfig.parse({ Interval: "10ms" }) });
  const users: Pick<UserClient, "userInfo"> = {
    userInfo: async (_call, { id }) => {
      if (usersGone.has(id)) throw userNotFound();
      return { id, name: "ving", gender: 1, mobile: "1" };
    },
  };
  const clients = new Map<object, unknown>([
    [OrderService, orders.client],
    [UserService, users],
  ]);
  const placement: Placement = {
    ...common,
    revocations: new Revocations(common),
    http: toBank(outside),
    streams: { open: () => Promise.reject(new Error("the sandbox has no bills")) },
    database: async () => database,
    cache: async () => undefined,
    jobs: workers.open,
    // The map pairs each definition with a client of its type.
    client: <Client>(definition: object) => clients.get(definition) as Client,
    missing: async () => [],
    pagesUrl: () => undefined,
    participants: new Participants(),
    outside: () => {
      throw new Error("payments ask nobody outside by gRPC");
    },
  };
  const Sandbox = { Gateway: "http://bank.test", Secret: SECRET, NotifyUrl: "http://mall.test" };
  const own = { Name: "pay.rpc", ListenOn: "127.0.0.1:0", Mysql: { DataSource: "sqlite:x" } };
  const neighbours = { UserRpc: {}, OrderRpc: {} };
  // Tests do not wait for turns.
  const Channels = { Sandbox, QueriesPerSecond: 10_000 };
  const values = { ...own, ...neighbours, Channels, ...settings };
  const context = await buildContext(checkConfig("(test)", values, payRpcConfig), placement);
  await database.transaction((tx) => context.jobs.expire(tx));
  workers.start();
  const client = bindLocalClient({
    ...common,
    definition: PayService,
    implementation: createPayServer(context),
    clientTimeoutMs: 0,
    serverTimeoutMs: 0,
  });
  return { context, client, stop: () => workers.drain(0) };
}

function openBank(runtime: ShiftedRuntime, line: Line): SandboxBank {
  const toPay: HttpTransport = {
    send: async ({ headers, body = new Uint8Array() }) => {
      const named = Object.entries(headers).map(([name, value]) => ({ name, value }));
      const request = { channel: "sandbox", headers: named, body };
      line.sent.push(request);
      if (!line.hears || line.client === undefined)
        throw new AppError("UNAVAILABLE", "NO_ANSWER", "no answer");
      const answer = await line.client.notify(call(), request);
      return { status: Number(answer.status), headers: {}, body: Buffer.from(answer.body) };
    },
  };
  return createSandboxBank({
    appId: "mall",
    secret: SECRET,
    store: createMemoryBankStore(),
    runtime,
    http: toPay,
    log: silentLogger,
    cashierUrl: (outTradeNo) => `http://bank.test/cashier/${outTradeNo}`,
  });
}

function toBank({ bank, line }: Outside): HttpTransport {
  return {
    send: async ({ url, headers, body = new Uint8Array() }) => {
      line.busy += 1;
      line.busiest = Math.max(line.busiest, line.busy);
      try {
        return await bank.answer({ operation: url.split("/").at(-1) ?? "", headers, body });
      } finally {
        line.busy -= 1;
      }
    },
  };
}

/** Demands that a call is refused for this reason. */
export async function refused(pending: Promise<unknown>, reason: string): Promise<void> {
  await assert.rejects(pending, (error) => {
    if (!(error instanceof AppError)) throw error;
    assert.equal(error.reason, reason);
    return true;
  });
}

/** Demands that every transaction of the books balances, and what stands on an account (credit less debit). */
export async function assertBooks(
  { context }: Pick<PayProcess, "context">,
  balances: Readonly<Record<string, number>>,
): Promise<void> {
  const entries = await context.ledger.findMany((query) => query);
  const found: Difference[] = [];
  await verifyBooks(context.database, (difference) => found.push(difference));
  assert.deepEqual(found, []);
  const transactions = Map.groupBy(entries, ({ txnKey }) => txnKey);
  for (const [key, lines] of transactions) assert.equal(sum(lines), 0, `${key} balances`);
  const accounts = Map.groupBy(entries, ({ account }) => account);
  for (const [account, balance] of Object.entries(balances)) {
    assert.equal(sum(accounts.get(account) ?? []), balance, account);
  }
}

function sum(lines: readonly { readonly debit: number; readonly credit: number }[]): number {
  return lines.reduce((total, { debit, credit }) => total + credit - debit, 0);
}
