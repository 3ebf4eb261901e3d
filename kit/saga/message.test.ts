import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { after, before, describe, test } from "node:test";
import { dtmConfig, rpcClientConfig } from "@mall/kit/config";
import { backgroundCall, type Call, systemRuntime } from "@mall/kit/context";
import { silentLogger } from "@mall/kit/log";
import {
  connectRpcClient,
  createRpcServer,
  defineMessage,
  type RpcConnection,
  type RpcServer,
  type ServiceDefinition,
} from "@mall/kit/rpc";
import { type Database, openDatabase } from "@mall/kit/store";
import { buildDtm, createTestFolder, startDtm, type TestDtm } from "@mall/kit/testing";
import { type Barrier, createBarrier } from "./barrier.ts";
import { branchTarget } from "./branch.ts";
import { createDtm, type Dtm } from "./dtm/dtm.ts";
import { type DtmClient, DtmService } from "./dtm/dtm-service.ts";
import { createMessage, type Message } from "./message.ts";
import { startProcess, type TestProcess } from "./test-shop.ts";

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

describe("messages", { timeout: 120_000 }, () => {
  let database: Database;
  let process: TestProcess;
  let barrier: Barrier;
  let server: RpcServer;
  let address: string;
  /** What was delivered, e.g. `7 by DTM`. */
  const delivered: string[] = [];
  const arrivals = new EventEmitter();

  const deliver = (id: number, by: string): void => {
    delivered.push(`${id} by ${by}`);
    arrivals.emit(`${id}`);
  };

  before(async () => {
    database = await openDatabase({
      dataSource: `sqlite:${createTestFolder()}/test.db`,
      runtime: systemRuntime,
    });
    process = await startProcess(database);
    barrier = createBarrier(database);
    process.jobs.handle<Paid>("paid", async (_call, { id }) => deliver(id, "job"));
    process.start();
    server = createRpcServer({ runtime: systemRuntime, log: silentLogger, timeoutMs: 5_000 });
    server.add(PayService, {
      orderPaid: async (_call, { id }) => {
        deliver(id, "DTM");
        return {};
      },
      queryPrepared: async ({ branch }) => {
        if (branch === undefined) throw new Error("this call is no branch");
        await barrier.queryPrepared(branch).finally(() => arrivals.emit(`asked about ${branch.gid}`));
        return {};
      },
    });
    address = await server.start("127.0.0.1:0");
  });

  after(async () => {
    await process.stop();
    await server.stop(0);
    await database.close();
  });

  const options = () => ({ database, jobs: process.jobs, barrier, log: silentLogger });

  const send = (message: Message<Paid>, id: number, announces = true): Promise<number> =>
    message.send(backgroundCall(), { gid: `paid-${id}`, payload: { id } }, async (_tx, announce) => {
      if (announces) await announce();
      return id;
    });

  test("without DTM a job delivers, at once, what a committed change announced, and nothing else", async () => {
    const message = createMessage<Paid>(options(), { kind: "paid" });
    assert.equal(await send(message, 1), 1);
    assert.deepEqual(delivered.splice(0), ["1 by job"]);
    assert.equal(await send(message, 2, false), 2);
    const failing = message.send(
      backgroundCall(),
      { gid: "paid-3", payload: { id: 3 } },
      async (_tx, announce) => {
        await announce();
        throw new Error("not paid");
      },
    );
    await assert.rejects(failing, /not paid/);
    const jobs = await database.read({ sql: "SELECT id FROM job", parameters: [] });
    assert.deepEqual([jobs.length, delivered], [1, []]);
  });

  describe("with a DTM server", { skip: typeof program === "string" ? false : program.skipped }, () => {
    let server: TestDtm;
    let connection: RpcConnection<DtmClient>;
    let dtm: Dtm;

    before(async () => {
      if (typeof program !== "string") return;
      server = await startDtm(program);
      const config = dtmConfig.parse({
        Endpoints: [server.address],
        RetryInterval: "1s",
        TimeoutToFail: "1s",
      });
      connection = connectRpcClient({
        definition: DtmService,
        endpoints: [server.address],
        timeoutMs: 3_000,
        runtime: systemRuntime,
      });
      dtm = createDtm(connection.client, config);
    });

    after(async () => {
      connection?.close();
      await server?.stop();
    });

    const placeOf = () => ({
      service: PayService,
      config: rpcClientConfig.parse({ Endpoints: [address] }),
      origin: "Dtm.Self",
    });

    const messageBy = (by: Dtm): Message<Paid> => {
      const place = placeOf();
      return createMessage<Paid>(options(), {
        kind: "paid",
        dtm: {
          dtm: by,
          method: branchTarget("orderPaid", place),
          queryPrepared: branchTarget("queryPrepared", place),
        },
      });
    };

    /** As if the process died when it was about to say how its local part ended. */
    const silenced = (): Dtm => ({
      ...dtm,
      submit: () => Promise.reject(new Error("crashed")),
      abort: () => Promise.reject(new Error("crashed")),
    });

    test("it delivers what a committed change announced before the sender goes on", async () => {
      assert.equal(await send(messageBy(dtm), 11), 11);
      assert.deepEqual(delivered.splice(0), ["11 by DTM"]);
      assert.equal(await server.statusOf("paid-11"), "succeed");
    });

    test("it forgets what was not announced, or not committed", async () => {
      await send(messageBy(dtm), 12, false);
      assert.equal(await server.statusOf("paid-12"), "failed");
      const failing = messageBy(dtm).send(
        backgroundCall(),
        { gid: "paid-13", payload: { id: 13 } },
        async (_tx, announce) => {
          await announce();
          throw new Error("not paid");
        },
      );
      await assert.rejects(failing, /not paid/);
      assert.equal(await server.statusOf("paid-13"), "failed");
      assert.deepEqual(delivered, []);
    });

    test("it asks about a change whose sender crashed after the commit, and delivers", async () => {
      const arrived = once(arrivals, "14");
      await send(messageBy(silenced()), 14);
      assert.equal(await server.statusOf("paid-14"), "prepared");
      await arrived;
      assert.deepEqual(delivered.splice(0), ["14 by DTM"]);
    });

    test("a change that is asked about before it was made is never made", async () => {
      const asked = once(arrivals, "asked about paid-15");
      const slow: Dtm = {
        ...dtm,
        prepare: async (call, message) => {
          await dtm.prepare(call, message);
          await asked;
        },
      };
      await assert.rejects(send(messageBy(slow), 15), { code: "ABORTED", reason: "DUPLICATED" });
      assert.deepEqual(delivered, []);
    });

    test("a delayed message is delivered when its time has come, and said again it is the same", async () => {
      const arrived = once(arrivals, "17");
      const steps = [{ action: branchTarget("orderPaid", placeOf()), request: { id: 17 } }];
      const message = { gid: "later-17", steps, delayMs: 1_500 };
      const sentAt = Date.now();
      await dtm.submit(backgroundCall(), message, false);
      await dtm.submit(backgroundCall(), message, false);
      await arrived;
      assert.ok(Date.now() - sentAt >= 1_500);
      assert.deepEqual(delivered.splice(0), ["17 by DTM"]);
    });
    test("a job delivers where DTM cannot be told, so that nothing that was paid waits for it", async () => {
      await server.kill();
      assert.equal(await send(messageBy(dtm), 16), 16);
      assert.deepEqual(delivered.splice(0), ["16 by job"]);
    });
  });
});
