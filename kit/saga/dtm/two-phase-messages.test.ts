import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { after, before, describe, test } from "node:test";
import { backgroundCall, type Call } from "@mall/kit/call";
import { dtmConfig, rpcClientConfig, sagaConfig } from "@mall/kit/config";
import { silentLogger } from "@mall/kit/log";
import {
  connectRpcClient,
  createRpcServer,
  defineMessage,
  type RpcConnection,
  type RpcServer,
  type ServiceDefinition,
} from "@mall/kit/rpc";
import { systemRuntime } from "@mall/kit/runtime";
import { type Database, migrateToLatest, openDatabase } from "@mall/kit/store";
import { buildDtm, createTestFolder, startDtm, type TestDtm } from "@mall/kit/testing";
import { type Barrier, createBarrier } from "../barrier.ts";
import { branchTarget } from "../branch.ts";
import { sagaMigrations } from "../model/gen/migrations.ts";
import { createDtm, type Dtm } from "./dtm.ts";
import { type DtmClient, DtmService } from "./dtm-service.ts";
import { createTwoPhaseMessages } from "./two-phase-messages.ts";

type Paid = { id: number };
type Nothing = Record<string, never>;

const Paid = defineMessage<Paid>("Paid", [{ number: 1, property: "id", type: "int64" }]);
const Nothing = defineMessage<Nothing>("Nothing", []);

interface PayClient {
  orderPaid(call: Call, request: Paid): Promise<Nothing>;
  queryPrepared(call: Call, request: Nothing): Promise<Nothing>;
}

const PayService: ServiceDefinition<PayClient> = {
  names: ["test.Pay"],
  methods: {
    orderPaid: { name: "OrderPaid", request: Paid, response: Nothing },
    queryPrepared: { name: "QueryPrepared", request: Nothing, response: Nothing },
  },
};

const program = await buildDtm();

describe("messages that a DTM server delivers", {
  skip: typeof program === "string" ? false : program.skipped,
  timeout: 120_000,
}, () => {
  let database: Database;
  let barrier: Barrier;
  let server: RpcServer;
  let address: string;
  let running: TestDtm;
  let connection: RpcConnection<DtmClient>;
  let dtm: Dtm;
  /** Ids that were delivered. */
  const delivered: number[] = [];
  const arrivals = new EventEmitter();

  before(async () => {
    if (typeof program !== "string") return;
    const dataSource = `sqlite:${createTestFolder()}/test.db`;
    database = await openDatabase({ dataSource, runtime: systemRuntime });
    await migrateToLatest(database, sagaMigrations);
    barrier = createBarrier(database, sagaConfig.parse({}));
    server = createRpcServer({ runtime: systemRuntime, log: silentLogger, timeoutMs: 5_000 });
    server.add(PayService, {
      orderPaid: async (_call, { id }) => {
        delivered.push(id);
        arrivals.emit(`${id}`);
        return {};
      },
      queryPrepared: async ({ branch }) => {
        if (branch === undefined) throw new Error("this call is no branch");
        await barrier.queryPrepared(branch).finally(() => arrivals.emit(`asked about ${branch.gid}`));
        return {};
      },
    });
    address = await server.start("127.0.0.1:0");
    running = await startDtm(program);
    const endpoints = [running.address];
    const config = dtmConfig.parse({ Endpoints: endpoints, RetryInterval: "1s", TimeoutToFail: "1s" });
    const options = { endpoints, timeoutMs: 3_000, runtime: systemRuntime };
    connection = connectRpcClient({ definition: DtmService, ...options });
    dtm = createDtm(connection.client, config);
  });

  after(async () => {
    connection?.close();
    await running?.stop();
    await server?.stop(0);
    await database?.close();
  });

  const messageOf = (id: number) => {
    const config = rpcClientConfig.parse({ Endpoints: [address] });
    const place = { service: PayService, config, origin: "Dtm.Self" };
    const steps = [{ action: branchTarget("orderPaid", place), request: { id } }];
    return { gid: `paid-${id}`, steps, queryPrepared: branchTarget("queryPrepared", place) };
  };

  /** Sends a message through `by`; says how its change was to be followed. */
  const send = (
    id: number,
    { by = dtm, announces = true, fails = false } = {},
  ): Promise<"by DTM" | "otherwise"> =>
    createTwoPhaseMessages({ dtm: by, barrier, log: silentLogger }).send(
      backgroundCall(),
      messageOf(id),
      (announce) =>
        database.transaction(async (tx) => {
          if (announces) await announce?.(tx);
          if (fails) throw new Error("not paid");
          return announce === undefined ? "otherwise" : "by DTM";
        }),
    );

  /** As if the process died when it was about to say how its change ended. */
  const silenced = (): Dtm => ({
    ...dtm,
    submit: () => Promise.reject(new Error("crashed")),
    abort: () => Promise.reject(new Error("crashed")),
  });

  test("what a committed change announced is delivered before the sender goes on", async () => {
    assert.equal(await send(1), "by DTM");
    assert.deepEqual(delivered.splice(0), [1]);
    assert.equal(await running.statusOf("paid-1"), "succeed");
  });

  test("what was not announced, or not committed, is forgotten", async () => {
    await send(2, { announces: false });
    await assert.rejects(send(3, { fails: true }), /not paid/);
    assert.deepEqual(
      [await running.statusOf("paid-2"), await running.statusOf("paid-3")],
      ["failed", "failed"],
    );
    assert.deepEqual(delivered, []);
  });

  test("a change whose sender crashed after the commit is asked about, and followed", async () => {
    const arrived = once(arrivals, "4");
    await send(4, { by: silenced() });
    assert.equal(await running.statusOf("paid-4"), "prepared");
    await arrived;
    assert.deepEqual(delivered.splice(0), [4]);
  });

  test("a change that is asked about before it was made is never made", async () => {
    const asked = once(arrivals, "asked about paid-5");
    const slow: Dtm = {
      ...dtm,
      prepare: async (call, message) => {
        await dtm.prepare(call, message);
        await asked;
      },
    };
    await assert.rejects(send(5, { by: slow }), { code: "ABORTED", reason: "DUPLICATED" });
    assert.deepEqual(delivered, []);
  });

  test("a delayed message is delivered when its time has come, and said again it is the same", async () => {
    const arrived = once(arrivals, "6");
    const { steps } = messageOf(6);
    const message = { gid: "later-6", steps, delayMs: 1_500 };
    const sentAt = Date.now();
    await dtm.submit(backgroundCall(), message, false);
    await dtm.submit(backgroundCall(), message, false);
    await arrived;
    assert.ok(Date.now() - sentAt >= 1_500);
    assert.deepEqual(delivered.splice(0), [6]);
  });

  test("a change does not wait for a DTM that is down", async () => {
    await running.kill();
    assert.equal(await send(7), "otherwise");
    assert.deepEqual(delivered, []);
  });
});
