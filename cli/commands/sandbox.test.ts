import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { runMall, startCommand } from "../testing/run-mall.ts";
import {
  closedPort,
  startMall,
  takenPort,
  testFolder,
  writeAllInOne,
  writeConfig,
} from "../testing/test-mall.ts";

const SECRET = "a secret of the two sides";

async function post(url: string, body: object): Promise<number> {
  const headers = { "content-type": "application/json" };
  return (await fetch(url, { method: "POST", headers, body: JSON.stringify(body) })).status;
}

describe("the sandbox bank", { concurrency: 3, timeout: 300_000 }, () => {
  test("is served in a process of its own by mall sandbox, which ends when told to", async (t) => {
    const folder = testFolder(t);
    const DataDir = join(folder, "bank");
    const file = writeConfig(folder, "sandbox.yaml", { Port: 0, DataDir, Secret: SECRET });
    const command = startCommand(["sandbox", "-f", file], { cwd: folder });
    t.after(() => command.process.kill("SIGKILL"));
    const [, url = ""] = await command.output("stdout", /^sandbox is ready at (http\S+)\n/);
    assert.equal(await post(`${url}/sandbox/faults`, { faults: [{ fault: "notify.lost" }] }), 200);
    assert.equal(await post(`${url}/sandbox/pay`, { outTradeNo: "A1" }), 404);
    assert.equal((await fetch(`${url}/sandbox/cashier/A1`)).status, 404);
    assert.equal(await (await fetch(`${url}/healthz`)).text(), "OK");
    assert.ok(existsSync(join(DataDir, "sandbox.db")));
    command.process.kill("SIGTERM");
    assert.equal((await command.finished).code, 0);
  });

  test("says in one line what keeps it from starting, and never the secret", async (t) => {
    const folder = testFolder(t);
    const good = { Port: await closedPort(), DataDir: join(folder, "bank"), Secret: SECRET };
    for (const [wrong, line] of [
      [{ Secret: undefined }, /^mall: config file .*sandbox\.yaml: field "Secret" is not set\n$/],
      [{ Secret: "too short" }, /^mall: config file .*: Secret: must be at least 16 characters.*\n$/],
      [{ Port: await takenPort(t) }, /^mall: port \d+ .* is taken: .*\n$/],
      [{ DataDir: "/proc/nowhere" }, /^mall: data folder \/proc\/nowhere cannot be read and written: .*\n$/],
    ] as const) {
      const file = writeConfig(folder, "sandbox.yaml", { ...good, ...wrong });
      const { code, stdout, stderr } = await runMall(["sandbox", "-f", file], { cwd: folder });
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, line);
      assert.ok(!stderr.includes("too short") && !stderr.includes(SECRET), stderr);
    }
  });

  test("is part of the gateway while a mall is tried out, and of no other port", async (t) => {
    const folder = testFolder(t);
    const mall = await startMall(t, folder, writeAllInOne(folder));
    assert.match(await (await fetch(`${mall.url}/sandbox/cashier/A1`)).text(), /没有这笔交易/);
    assert.equal(await post(`${mall.url}/sandbox/faults`, { faults: [] }), 200);
    assert.match(await (await fetch(`${mall.url}/openapi.json`)).text(), /"\/sandbox\/pay"/);
    assert.equal(await post(`${mall.address("pay.api")}/sandbox/faults`, { faults: [] }), 404);
    assert.ok(existsSync(join(folder, "data", "sandbox.db")));
  });

  test("is not there in mode pro, unless the configuration says so", async (t) => {
    for (const [values, status] of [
      [{ Mode: "pro" }, 404],
      [{ Mode: "pro", Sandbox: { Enabled: true } }, 200],
      [{ Sandbox: { Enabled: false } }, 404],
    ] as const) {
      const folder = testFolder(t);
      const mall = await startMall(t, folder, writeAllInOne(folder, values));
      assert.equal(await post(`${mall.url}/sandbox/faults`, { faults: [] }), status);
      assert.equal(existsSync(join(folder, "data", "sandbox.db")), status === 200);
      mall.process.kill("SIGTERM");
      assert.equal((await mall.finished).code, 0);
    }
  });
});
