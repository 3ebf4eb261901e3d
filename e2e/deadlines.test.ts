import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Call } from "@mall/kit/call";
import type { AppError } from "@mall/kit/errors";
import { silentLogger } from "@mall/kit/log";
import { type RunningProcess, serveApi, serveRpc } from "@mall/kit/process";
import { createRpcServer, type RpcServer, type ServiceDefinition } from "@mall/kit/rpc";
import { systemRuntime } from "@mall/kit/runtime";
import { migrateToLatest, openDatabase } from "@mall/kit/store";
import { OrderService } from "@mall/order/rpc";
import { payApi } from "@mall/pay/api/main";
import { payRpc } from "@mall/pay/rpc/main";
import { UserService } from "@mall/user/rpc";
import { stringify } from "yaml";
import { TEST_SECRET } from "./support/mall.ts";
import { personOfRole } from "./support/people.ts";

const API_TIMEOUT_MS = 600;
/** What a call may take by the configuration of each process in between, go-zero's default. */
const RPC_TIMEOUT_MS = 2000;

/** A call that arrived at a service which never answers, and how it ended there. */
interface SeenCall {
  readonly call: Call;
  readonly ended: Promise<AppError>;
}

describe("the time a request has left travels from pay.api over pay.rpc to order.rpc", () => {
  const folder = mkdtempSync(join(tmpdir(), "mall-deadlines-"));
  const running: RunningProcess[] = [];
  const stubs: RpcServer[] = [];
  const arrivals: ((seen: SeenCall) => void)[] = [];
  let url = "";

  before(async () => {
    const dataSource = `sqlite:${join(folder, "mall.db")}`;
    const database = await openDatabase({ dataSource, runtime: systemRuntime });
    for (const set of payRpc.migrations) await migrateToLatest(database, set);
    await database.close();
    const common = { Mode: "test", Log: { Level: "severe" }, Shutdown: { WrapUpTime: "10ms" } };
    const pay = await serveRpc(
      payRpc,
      writeConfig(folder, "pay.rpc", {
        ...common,
        ListenOn: "127.0.0.1:0",
        Mysql: { DataSource: dataSource },
        UserRpc: {
          Endpoints: [await serveStub(UserService, async () => ({ id: 1, name: "", gender: 0, mobile: "" }))],
        },
        OrderRpc: { Endpoints: [await serveStub(OrderService, hang)] },
      }),
      systemRuntime,
    );
    running.push(pay);
    const api = await serveApi(
      payApi,
      writeConfig(folder, "pay.api", {
        ...common,
        Host: "127.0.0.1",
        Port: 0,
        Timeout: API_TIMEOUT_MS,
        Auth: { AccessSecret: TEST_SECRET },
        PayRpc: { Endpoints: [addressOf(pay)] },
      }),
      systemRuntime,
    );
    running.push(api);
    url = addressOf(api);
  });
  after(async () => {
    for (const process of running.toReversed()) await process.stop();
    for (const stub of stubs) await stub.stop(0);
    rmSync(folder, { recursive: true, force: true });
  });

  /** A service whose methods all do the same. */
  async function serveStub<Client>(
    definition: ServiceDefinition<Client>,
    method: (call: Call) => Promise<unknown>,
  ): Promise<string> {
    const names = Object.keys(definition.methods);
    const server = createRpcServer({ runtime: systemRuntime, log: silentLogger, timeoutMs: 0 });
    server.add(definition, Object.fromEntries(names.map((name) => [name, method])) as Client);
    stubs.push(server);
    return server.start("127.0.0.1:0");
  }

  function hang(call: Call): Promise<never> {
    const ended = new Promise<AppError>((resolve) => call.onDone(resolve));
    for (const arrival of arrivals.splice(0)) arrival({ call, ended });
    return new Promise<never>(() => {});
  }

  function nextCall(): Promise<SeenCall> {
    return new Promise((resolve) => {
      arrivals.push(resolve);
    });
  }

  function send() {
    const { token } = personOfRole({ user: url, product: url, order: url, pay: url }, "customer", 1);
    const sent = request(`${url}/api/pay/create`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    });
    const status = new Promise<number | undefined>((resolve) => {
      sent.on("response", (response) => resolve(response.resume().statusCode));
      sent.on("error", () => resolve(undefined));
    });
    sent.end(JSON.stringify({ uid: 1, oid: 1, amount: 500 }));
    return { sent, status };
  }

  it("so that the last service knows it and stops when it is over", async () => {
    const seen = nextCall();
    const startedAt = Date.now();
    const { status } = send();
    const { call, ended } = await seen;
    assert.ok(call.deadline >= startedAt, "there was time left");
    assert.ok(
      call.deadline <= Date.now() + API_TIMEOUT_MS,
      `${call.deadline - startedAt} ms after the start`,
    );
    assert.equal(await status, 504);
    await ended;
    assert.ok(Date.now() - startedAt < RPC_TIMEOUT_MS, "the last service stops when nobody waits any more");
  });

  it("and so does the news that the client has left", async () => {
    const seen = nextCall();
    const { sent } = send();
    const { call, ended } = await seen;
    sent.destroy();
    const error = await ended;
    assert.equal(error.code, "CANCELLED");
    assert.ok(Date.now() < call.deadline, "before its time was over");
  });
});

function addressOf({ addresses }: RunningProcess): string {
  return addresses.at(-1)?.url ?? "";
}

function writeConfig(folder: string, name: string, values: object): string {
  const path = join(folder, `${name}.yaml`);
  writeFileSync(path, stringify({ Name: name, ...values }));
  return path;
}
