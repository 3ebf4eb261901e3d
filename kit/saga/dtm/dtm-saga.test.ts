import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { after, before, describe, test } from "node:test";
import { Call } from "@mall/kit/call";
import { dtmConfig, rpcClientConfig, sagaConfig } from "@mall/kit/config";
import { AppError } from "@mall/kit/errors";
import { silentLogger } from "@mall/kit/log";
import { connectRpcClient, createRpcServer, type RpcServer } from "@mall/kit/rpc";
import { systemRuntime } from "@mall/kit/runtime";
import { type Database, openDatabase } from "@mall/kit/store";
import { buildDtm, createTestFolder, startDtm, startGoStandIn, type TestDtm } from "@mall/kit/testing";
import { type BranchPlace, branchOf } from "../branch.ts";
import { createCoordinator } from "../coordinator.ts";
import type { Saga, SagaResult } from "../saga.ts";
import {
  Shelf,
  type ShelfClient,
  ShelfService,
  serveShelves,
  startProcess,
  type TestProcess,
} from "../test-shop.ts";
import { createDtm } from "./dtm.ts";
import { DtmService } from "./dtm-service.ts";

type Order = { shelf: string; num: number };
type Answer = { id: number };

/** A shelf of another program. */
const GO_SHELF = "go";

const program = await buildDtm();
const refused = new AppError("FAILED_PRECONDITION", "OUT_OF_STOCK", "库存不足");
const silent = new AppError("UNAVAILABLE", "UNAVAILABLE", "going down");

/** What DTM's shortest interval and its look for what is due may take, for a machine that is busy. */
const RETRIED_MS_MAX = 30_000;

describe("sagas that a DTM server drives", {
  skip: typeof program === "string" ? false : program.skipped,
  timeout: 120_000,
}, () => {
  let dtm: TestDtm;
  let database: Database;
  let process: TestProcess;
  let server: RpcServer;
  let address: string;
  let orders: Saga<Order, Answer>;
  /** Where GO_SHELF is. */
  let goPlace: BranchPlace<ShelfClient> | undefined;
  const shelves = new Map<string, Shelf>();
  const ends: string[] = [];
  const ended = new EventEmitter();
  const closers: (() => void)[] = [];

  const serve = async (listenOn: string): Promise<void> => {
    server = createRpcServer({ runtime: systemRuntime, log: silentLogger, timeoutMs: 5_000 });
    server.add(ShelfService, serveShelves(shelves));
    address = await server.start(listenOn);
  };

  before(async () => {
    if (typeof program !== "string") return;
    dtm = await startDtm(program);
    database = await openDatabase({
      dataSource: `sqlite:${createTestFolder()}/test.db`,
      runtime: systemRuntime,
    });
    process = await startProcess(database);
    await serve("127.0.0.1:0");
    const config = dtmConfig.parse({ Endpoints: [dtm.address], RetryInterval: "1s", RequestTimeout: "1s" });
    const options = { endpoints: [dtm.address], timeoutMs: 3_000, runtime: systemRuntime, multiplex: false };
    const connection = connectRpcClient({ definition: DtmService, ...options });
    closers.push(() => connection.close());
    const coordinator = createCoordinator({
      database,
      jobs: process.jobs,
      log: silentLogger,
      config: sagaConfig.parse({}),
      dtm: createDtm(connection.client, config),
    });
    const place = {
      service: ShelfService,
      config: rpcClientConfig.parse({ Endpoints: [address] }),
      origin: "ShelfRpc",
    };
    // With DTM in between, this process has no need of a client.
    const client = {} as ShelfClient;
    orders = coordinator.define({
      kind: "order",
      step: ({ shelf, num }: Order) => ({
        action: branchOf(client, "take", shelf === GO_SHELF ? goPlace : place),
        compensate: branchOf(client, "putBack", shelf === GO_SHELF ? goPlace : place),
        request: { shelf, num },
        refusals: () => [refused],
      }),
      succeed: async (_tx, { gid, payload }): Promise<Answer> => {
        tellEnd(gid, `${gid} succeeded`);
        return { id: payload.num };
      },
      fail: async (_tx, { gid }, error) => tellEnd(gid, `${gid} failed: ${error.reason}`),
    });
    process.start();
  });

  after(async () => {
    await process?.stop();
    for (const close of closers) close();
    await server?.stop(0);
    await dtm?.stop();
    await database?.close();
  });

  const tellEnd = (gid: string, text: string): void => {
    ends.push(text);
    ended.emit(gid);
  };

  const stock = (name: string): Shelf => {
    const shelf = new Shelf(database, name, 10);
    shelves.set(name, shelf);
    return shelf;
  };

  const run = (
    gid: string,
    shelf: string,
    call = new Call({ deadline: Date.now() + RETRIED_MS_MAX }),
  ): Promise<SagaResult<Answer>> => orders.run(call, { gid, payload: { shelf, num: 2 } });

  test("a saga succeeds, and its caller learns it", async () => {
    const one = stock("s1");
    assert.deepEqual(await run("success", "s1"), { outcome: "succeeded", answer: { id: 2 } });
    assert.equal(one.pieces, 8);
    assert.deepEqual(one.asked, ["01 action"]);
    assert.equal(await dtm.statusOf("success"), "succeed");
  });

  test("a refused step is taken back, which a late action finds", async () => {
    const one = stock("r1");
    one.before.set("action", () => Promise.reject(refused));
    const result = await run("refused", "r1");
    assert.ok(result.outcome === "failed");
    assert.deepEqual([result.error.reason, result.error.message], ["OUT_OF_STOCK", "库存不足"]);
    assert.equal(await dtm.statusOf("refused"), "failed");
    assert.deepEqual(one.asked, ["01 action", "01 compensate"]);
    one.before.clear();
    await one.serve({ gid: "refused", transType: "saga", branchId: "01", op: "action" }, -2);
    assert.equal(one.pieces, 10);
    assert.deepEqual(
      ends.filter((end) => end.startsWith("refused")),
      ["refused failed: OUT_OF_STOCK"],
    );
  });

  test("a step that gives no answer is neither a refusal nor done twice, although DTM says ABORTED of it", async () => {
    const one = stock("u1");
    one.before.set("action", async (attempt) => {
      if (attempt === 1) throw silent;
    });
    one.after.set("action", async (attempt) => {
      if (attempt === 2) throw silent;
    });
    assert.deepEqual(await run("unsure", "u1"), { outcome: "succeeded", answer: { id: 2 } });
    assert.equal(one.pieces, 8);
    assert.ok(one.asked.length >= 3);
  });

  test("a compensation that fails is repeated, and takes back once", async () => {
    const one = stock("c1");
    one.after.set("action", () => Promise.reject(refused));
    one.after.set("compensate", async (attempt) => {
      if (attempt === 1) throw silent;
    });
    assert.equal((await run("stubborn", "c1")).outcome, "failed");
    assert.equal(one.pieces, 10);
    assert.ok(one.asked.filter((each) => each === "01 compensate").length >= 2);
  });

  test("a step that the peer has no method for ends the saga at once, and DTM never hears of it", async (t) => {
    const go = await startGoStandIn(ShelfService, { take: async () => ({}) });
    t.after(() => go.stop());
    const endpoints = [go.address];
    const peer = connectRpcClient({
      definition: ShelfService,
      endpoints,
      timeoutMs: 1_000,
      runtime: systemRuntime,
    });
    closers.push(() => peer.close());
    await peer.ready(RETRIED_MS_MAX);
    goPlace = {
      service: ShelfService,
      config: rpcClientConfig.parse({ Endpoints: endpoints }),
      origin: "ShelfRpc",
      missing: () => peer.missing(),
    };
    const result = await run("missing", GO_SHELF);
    assert.ok(result.outcome === "failed", result.outcome);
    assert.deepEqual([result.error.code, result.error.reason], ["UNIMPLEMENTED", "METHOD_MISSING"]);
    assert.match(result.error.message, /^shop\.Shelf has no method PutBack: /);
    assert.equal(await dtm.statusOf("missing"), undefined);
    assert.deepEqual(
      ends.filter((end) => end.startsWith("missing")),
      ["missing failed: METHOD_MISSING"],
    );
  });

  test("a service that is down is called until it is back, and so is a DTM server", async () => {
    const one = stock("d1");
    await server.stop(0);
    const over = once(ended, "down");
    assert.deepEqual(await run("down", "d1", new Call({ deadline: Date.now() + 600 })), {
      outcome: "unknown",
    });
    await dtm.kill();
    await serve(address);
    assert.equal(one.pieces, 10);
    await dtm.restart();
    await over;
    assert.equal(one.pieces, 8);
    assert.equal(await dtm.statusOf("down"), "succeed");
  });
});
