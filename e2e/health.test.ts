import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type RunningProcess, serveApi, serveRpc } from "@mall/kit/process";
import { systemRuntime } from "@mall/kit/runtime";
import { type Database, migrateToLatest, openDatabase } from "@mall/kit/store";
import {
  freePort,
  type PrivateMariadb,
  startPrivateMariadb,
  until,
  whyNoPrivateMariadb,
} from "@mall/kit/testing";
import { productApi } from "@mall/product/api/main";
import { productRpc } from "@mall/product/rpc/main";
import { startTestMall, TEST_SECRET, type TestMall } from "./support/mall.ts";

const WAIT_MS_MAX = 30_000;
/** A balancer gives up after two seconds; a busy machine may take its time. */
const ANSWER_MS_MAX = 2_000;
const ANY_PORT = { Host: "127.0.0.1", Port: 0 };

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function ask(url: string, path: string): Promise<Answer> {
  const startedAt = performance.now();
  const answer = await fetch(url + path);
  const text = await answer.text();
  const tookMs = performance.now() - startedAt;
  assert.ok(tookMs < ANSWER_MS_MAX, `${path} took ${tookMs} ms`);
  return { status: answer.status, text };
}

/** Asks until a port says this of its process. */
async function untilSays(url: string, status: number, text: RegExp): Promise<void> {
  await until(`${url} answers ${status} ${text}`, () => ask(url, "/healthz"), {
    holds: (answer) => answer.status === status && text.test(answer.text),
    withinMs: WAIT_MS_MAX,
    everyMs: 50,
  });
}

describe("the health of a mall goes with whether it can write", {
  skip: whyNoPrivateMariadb() ?? false,
}, () => {
  let server: PrivateMariadb;
  let admin: Database;
  let dataSource: string;
  let mall: TestMall;
  let folder: string;
  const split: RunningProcess[] = [];
  /** Where balancers ask, of the mall in one process and of the split one. */
  const ports: Record<string, string> = {};

  const administer = async (sql: string): Promise<void> => {
    await admin.write({ sql, parameters: [] });
  };

  before(async () => {
    server = await startPrivateMariadb();
    const given = await server.createDatabase();
    admin = await openDatabase({ dataSource: given, runtime: systemRuntime });
    // One who may administer the server may also write while it is read-only.
    await administer("CREATE USER shop@'%' IDENTIFIED BY 'word'");
    await administer(`GRANT ALL ON ${given.split("/")[1]}.* TO shop@'%'`);
    dataSource = `${given.replace(/^[^@]*@/, "shop:word@")}?readTimeout=1s`;
    mall = await startTestMall({ dataSource, blocks: { DevServer: ANY_PORT } });
    ports.gateway = mall.url;
    ports["mall devserver"] = mall.address("mall devserver");
    folder = mkdtempSync(join(tmpdir(), "mall-health-"));
    await startSplit();
  });
  after(async () => {
    for (const running of split.toReversed()) await running.stop();
    await mall.stop();
    await admin.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const startSplit = async (): Promise<void> => {
    const database = await openDatabase({ dataSource, runtime: systemRuntime });
    for (const set of productRpc.migrations) await migrateToLatest(database, set);
    await database.close();
    const write = (name: string, values: object): string => {
      const path = join(folder, name);
      writeFileSync(
        path,
        JSON.stringify({
          Mode: "test",
          Log: { Level: "severe" },
          Shutdown: { WrapUpTime: "10ms" },
          DevServer: ANY_PORT,
          ...values,
        }),
      );
      return path;
    };
    const listenOn = `127.0.0.1:${await freePort()}`;
    const rpc = write("rpc.yaml", {
      Name: "product.rpc",
      ListenOn: listenOn,
      Mysql: { DataSource: dataSource },
    });
    const api = write("api.yaml", {
      Name: "product.api",
      ...ANY_PORT,
      Auth: { AccessSecret: TEST_SECRET },
      // One of two is never there.
      ProductRpc: { Endpoints: [listenOn, `127.0.0.1:${await freePort()}`] },
    });
    split.push(await serveRpc(productRpc, rpc, systemRuntime));
    split.push(await serveApi(productApi, api, systemRuntime));
    for (const { name, url } of split.flatMap(({ addresses }) => addresses)) {
      if (name.endsWith("devserver")) ports[name] = url;
    }
  };

  /** What every port must say while the database is in this state; the process itself lives on. */
  const everywhere = async (trouble: string | undefined): Promise<void> => {
    for (const [name, url] of Object.entries(ports)) {
      const part = name === "product.api devserver" ? "ProductRpc" : "database";
      const why = name === "product.api devserver" ? "no instance can work" : trouble;
      if (trouble === undefined) await untilSays(url, 200, /^OK$/);
      else
        await untilSays(
          url,
          503,
          new RegExp(`^Service Unavailable\n(.* is ready\n)*${part} is not ready: ${why}\n$`),
        );
      assert.deepEqual(await ask(url, "/livez"), { status: 200, text: "OK" });
    }
  };

  it("is asked for on the gateway and on every DevServer", async () => {
    assert.deepEqual(Object.keys(ports).sort(), [
      "gateway",
      "mall devserver",
      "product.api devserver",
      "product.rpc devserver",
    ]);
    await everywhere(undefined);
  });

  it("is bad while the database is read-only, and says so", async () => {
    await administer("SET GLOBAL read_only = 1");
    await everywhere("it is read-only");
    await administer("SET GLOBAL read_only = 0");
    await everywhere(undefined);
  });

  it("is bad while the database is frozen, and known in time all the same", async () => {
    await server.freeze();
    await everywhere("it does not answer");
    server.thaw();
    await everywhere(undefined);
  });

  it("is bad while the database is down, and good again by itself", async () => {
    await server.kill();
    await everywhere("it does not answer");
    await server.restart();
    await everywhere(undefined);
  });

  it("costs the database one statement a second at most, however many ask", async () => {
    const deletes = async (): Promise<number> => {
      const [row] = await admin.read({ sql: "SHOW GLOBAL STATUS LIKE 'Com_delete'", parameters: [] });
      return Number(row?.Value);
    };
    const [before, startedAt] = [await deletes(), Date.now()];
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(Array.from({ length: 50 }, () => ask(mall.url, "/healthz")));
    }
    const seconds = (Date.now() - startedAt) / 1000;
    assert.ok((await deletes()) - before <= Math.ceil(seconds) + 1);
  });
});
