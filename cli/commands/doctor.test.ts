import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, test } from "node:test";
import { buildDtm, GoStatus, startDtm, startEtcd, startGoStandIn, whyNoEtcd } from "@mall/kit/testing";
import { ProductService } from "@mall/product/rpc";
import type { Finding } from "../doctor/finding.ts";
import { runMall } from "../testing/run-mall.ts";
import {
  closedPort,
  startMall,
  takenPort,
  testFolder,
  writeAllInOne,
  writeConfig,
} from "../testing/test-mall.ts";

async function findingsOf(
  cwd: string,
  ...args: string[]
): Promise<{ code: number | null; findings: Finding[] }> {
  const { code, stdout, stderr } = await runMall(["doctor", "--json", ...args], { cwd });
  assert.equal(stderr, "");
  return { code, findings: JSON.parse(stdout).findings };
}

const dtm = await buildDtm();

function portOf(address: string): number {
  return Number(address.split(":").at(-1));
}

describe("mall doctor", { concurrency: 3, timeout: 300_000 }, () => {
  test("finds nothing wrong where a mall may start", async (t) => {
    const folder = testFolder(t);
    const { code, stdout, stderr } = await runMall(["doctor", "-f", writeAllInOne(folder)], { cwd: folder });
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /\n\d+ ok, \d warn, 0 fail\n$/);
  });

  test("reports a port that something else uses, and what to do", async (t) => {
    const folder = testFolder(t);
    const port = await takenPort(t);
    const config = writeAllInOne(folder, { Port: port, User: { Api: 0, Rpc: port } });
    const { code, stdout } = await runMall(["doctor", "-f", config], { cwd: folder });
    assert.equal(code, 1);
    for (const part of ["gateway", "user.rpc"]) {
      assert.ok(
        stdout.includes(`fail  ${part}: port ${port} is used by something else  — stop it, or`),
        stdout,
      );
    }
  });

  test("names a Go product.rpc and the methods that it lacks", async (t) => {
    const folder = testFolder(t);
    const go = await startGoStandIn(ProductService, {
      detail: () => Promise.reject(new GoStatus(100, "产品不存在")),
    });
    t.after(() => go.stop());
    const config = writeConfig(folder, "order.yaml", {
      Name: "order.rpc",
      ListenOn: "127.0.0.1:0",
      Mysql: { DataSource: `sqlite:${join(folder, "mall.db")}` },
      UserRpc: { Endpoints: ["127.0.0.1:1"] },
      ProductRpc: { Endpoints: [go.address] },
    });
    const { findings } = await findingsOf(folder, "-f", config);
    const told = findings.find(({ what }) => what.includes(go.address));
    assert.equal(told?.level, "warn");
    assert.match(told?.what ?? "", /the peer has no .*\/product\.Product\/DecrStock/);
  });

  test("tells a mall that runs already from a stranger, on http and gRPC ports", async (t) => {
    const folder = testFolder(t);
    const mall = await startMall(t, folder, writeAllInOne(folder));
    const taken = {
      Port: portOf(mall.url),
      User: { Api: portOf(mall.address("user.api")), Rpc: portOf(mall.address("user.rpc")) },
      Pay: { Api: portOf(mall.address("pay.api")), Rpc: portOf(mall.address("order.rpc")) },
    };
    const { findings } = await findingsOf(folder, "-f", writeAllInOne(folder, taken));
    const already = findings.filter(({ what }) => what.includes("a mall serves on port"));
    assert.deepEqual(
      already.map(({ what }) => what.split(":")[0]),
      ["user.api", "user.rpc", "pay.api", "gateway"],
    );
    const stranger = findings.filter(({ level }) => level === "fail").map(({ what }) => what);
    assert.deepEqual(stranger, [`pay.rpc: port ${taken.Pay.Rpc} is used by something else`]);
  });

  test("names file, line and rule of a broken YAML, and the key of a wrong value", async (t) => {
    const folder = testFolder(t);
    writeFileSync(join(folder, "broken.yaml"), "Name: pay.rpc\nListenOn: [\n");
    writeConfig(folder, "wrong.yaml", { Name: "pay.rpc", ListenOn: "9003" });
    const { code, findings } = await findingsOf(folder, "-f", "broken.yaml", "wrong.yaml", "none.yaml");
    assert.equal(code, 1);
    const failures = findings.filter(({ level }) => level === "fail").map(({ what }) => what);
    assert.equal(failures.length, 3);
    assert.match(failures[0] ?? "", /^config file broken\.yaml:\d+: /);
    assert.match(failures[1] ?? "", /^config file wrong\.yaml: ListenOn: must be host:port/);
    assert.match(failures[2] ?? "", /^config file none\.yaml cannot be read/);
  });

  test("says whether the tables are of this, an older or a newer version", async (t) => {
    const folder = testFolder(t);
    const config = writeAllInOne(folder);
    const mall = await startMall(t, folder, config);
    mall.process.kill("SIGTERM");
    await mall.finished;
    const schemaFinding = async (): Promise<Finding | undefined> =>
      (await findingsOf(folder, "-f", config)).findings.at(-1);
    const change = (sql: string): void => {
      const database = new DatabaseSync(join(folder, "data", "mall.db"));
      database.exec(sql);
      database.close();
    };
    assert.match((await schemaFinding())?.what ?? "", /of this version$/);
    change("DELETE FROM pay_migration WHERE name > '0001'");
    assert.deepEqual((await schemaFinding())?.level, "warn");
    change("INSERT INTO pay_migration (name, timestamp) VALUES ('9999-later', '')");
    const newer = await schemaFinding();
    assert.equal(newer?.level, "fail");
    assert.match(newer?.what ?? "", /9999-later/);
  });

  test("looks at database, port and neighbours of a split process", async (t) => {
    const folder = testFolder(t);
    const mall = await startMall(t, folder, writeAllInOne(folder));
    const closed = `127.0.0.1:${await closedPort()}`;
    const stranger = `127.0.0.1:${await takenPort(t)}`;
    const config = writeConfig(folder, "pay.yaml", {
      Name: "pay.rpc",
      ListenOn: closed,
      Mysql: { DataSource: `sqlite:${join(folder, "data", "mall.db")}` },
      UserRpc: { Endpoints: [mall.address("user.rpc"), closed, stranger] },
      OrderRpc: { Endpoints: [mall.address("product.rpc")] },
      ProductRpc: {},
    });
    const { code, findings } = await findingsOf(folder, "-f", config);
    assert.equal(code, 1);
    const summary = findings.slice(1).map(({ level, what }) => `${level} ${what}`);
    assert.deepEqual(summary, [
      `ok pay.rpc: ${config} can be used`,
      `ok pay.rpc: port ${portOf(closed)} is free`,
      `ok SQLite database ${join(folder, "data", "mall.db")} answers, its tables are of this version`,
      `ok UserRpc ${mall.address("user.rpc")}: user.rpc answers`,
      `fail UserRpc ${closed}: nothing answers`,
      `fail UserRpc ${stranger}: something answers, but not gRPC`,
      "fail ProductRpc names no instance",
      `fail OrderRpc ${mall.address("product.rpc")}: another service than order.rpc answers`,
    ]);
  });

  test("says where no DTM server is, in a split process and in a mall in one process", async (t) => {
    const folder = testFolder(t);
    const mall = await startMall(t, folder, writeAllInOne(folder));
    const closed = `127.0.0.1:${await closedPort()}`;
    const Dtm = { Endpoints: [closed, mall.address("user.rpc")] };
    const split = writeConfig(folder, "order.yaml", {
      Name: "order.rpc",
      ListenOn: "127.0.0.1:0",
      Mysql: { DataSource: `sqlite:${join(folder, "data", "mall.db")}` },
      UserRpc: { Endpoints: [mall.address("user.rpc")] },
      ProductRpc: { Endpoints: [mall.address("product.rpc")] },
      Dtm,
    });
    for (const config of [split, writeAllInOne(testFolder(t), { Dtm })]) {
      const { code, findings } = await findingsOf(folder, "-f", config);
      assert.equal(code, 1);
      const failures = findings.filter(({ level }) => level === "fail");
      assert.deepEqual(failures, [
        {
          level: "fail",
          what: `Dtm ${closed}: nothing answers`,
          fix: "start a DTM server there, or correct Endpoints",
        },
        {
          level: "fail",
          what: `Dtm ${mall.address("user.rpc")}: another service than a DTM server answers`,
          fix: "correct Endpoints",
        },
      ]);
    }
  });

  test("knows a DTM server", { skip: typeof dtm === "string" ? false : dtm.skipped }, async (t) => {
    if (typeof dtm !== "string") return;
    const folder = testFolder(t);
    const server = await startDtm(dtm);
    t.after(() => server.stop());
    const config = writeAllInOne(folder, { Dtm: { Endpoints: [server.address] } });
    const { code, findings } = await findingsOf(folder, "-f", config);
    assert.equal(code, 0);
    assert.ok(findings.some(({ what }) => what === `Dtm ${server.address}: a DTM server answers`));
  });

  test("finds neighbours through etcd, and says when etcd or they are not there", {
    skip: whyNoEtcd() ?? false,
  }, async (t) => {
    const folder = testFolder(t);
    const etcd = await startEtcd();
    if ("skipped" in etcd) return;
    const gone = `127.0.0.1:${await closedPort()}`;
    const key = (name: string): object => ({ Etcd: { Hosts: [etcd.host], Key: `${folder}/${name}` } });
    const config = writeConfig(folder, "pay.yaml", {
      Name: "Pay",
      Port: 0,
      Auth: { AccessSecret: "12345678" },
      PayRpc: key("nobody"),
      OrderRpc: { Etcd: { Hosts: [gone], Key: "order.rpc" } },
    });
    const { findings } = await findingsOf(folder, "-f", config);
    const failures = findings.filter(({ level }) => level === "fail").map(({ what }) => what);
    assert.deepEqual(failures, [
      `etcd ${gone} does not answer`,
      "OrderRpc: whoever knows its instances does not answer",
      "PayRpc: no instance is registered",
    ]);
  });
});
