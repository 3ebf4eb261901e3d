import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { ROLE } from "@mall/kit/auth";
import { signToken } from "@mall/kit/rest";
import { probeRpc } from "@mall/kit/testing";
import { createProductHttpClient, type ProductHttpClient } from "@mall/product/api";
import { runMall } from "../testing/run-mall.ts";
import {
  logIn,
  register,
  startMall,
  type TestMall,
  takenPort,
  testFolder,
  writeAllInOne,
} from "../testing/test-mall.ts";

const SECRET = "a secret of at least eight bytes";

/** Of grpc.health.v1.HealthCheckResponse, and of gRPC. */
const SERVING = 1;
const UNIMPLEMENTED = 12;

function staffOf(mall: TestMall): ProductHttpClient {
  const now = Math.floor(Date.now() / 1000);
  const token = signToken({ secret: SECRET, uid: 1, role: ROLE.staff, now, expireSeconds: 60 });
  return createProductHttpClient({ baseUrl: mall.url, token });
}

describe("mall up", { concurrency: 3, timeout: 300_000 }, () => {
  test("says in one line that a port is taken, and which key of its file names it", async (t) => {
    const folder = testFolder(t);
    const port = await takenPort(t);
    for (const [taken, key] of [
      [{ Port: port }, "Port"],
      [{ User: { Api: port, Rpc: 0 } }, "User.Api"],
      [{ Pay: { Api: 0, Rpc: port } }, "Pay.Rpc"],
    ] as const) {
      const { code, stderr } = await runMall(["up", "-f", writeAllInOne(folder, taken)], { cwd: folder });
      assert.equal(code, 1);
      const told = `^mall: .*\\b${port}\\b.*stop the process that listens there,? or (change|set another) ${key}\\n$`;
      assert.match(stderr, new RegExp(told));
    }
  });

  test("says in one line that the data folder cannot be used", async (t) => {
    const folder = testFolder(t);
    const file = join(folder, "file");
    writeFileSync(file, "not a folder");
    for (const data of [file, join(file, "below")]) {
      const { code, stderr } = await runMall(["up", "-f", writeAllInOne(folder), "--data", data], {
        cwd: folder,
      });
      assert.equal(code, 1);
      assert.match(stderr, /^mall: data folder .* cannot be read and written: .*\n$/);
    }
  });

  test("says in one line that another mall has its data folder, which is free again as soon as that one is gone", async (t) => {
    const folder = testFolder(t);
    const file = writeAllInOne(folder);
    const first = await startMall(t, folder, file);
    const { code, stderr } = await runMall(["up", "-f", file], { cwd: folder });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^mall: data folder \S+ is in use by another mall: stop that one, or choose another .*--data\n$/,
    );
    first.process.kill("SIGKILL");
    await first.finished;
    const second = await startMall(t, folder, file);
    await register(second.url);
  });

  test("names file, line and rule of a broken YAML, and the key of a wrong value", async (t) => {
    const cwd = testFolder(t);
    writeFileSync(join(cwd, "broken.yaml"), "Port: 0\nHost: [\n");
    writeFileSync(join(cwd, "wrong.yaml"), "Port: seven\n");
    const broken = await runMall(["up", "-f", "broken.yaml"], { cwd });
    assert.equal(broken.code, 1);
    assert.match(broken.stderr, /^mall: config file broken\.yaml:\d+: .*\n$/);
    const wrong = await runMall(["up", "-f", "wrong.yaml"], { cwd });
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /^mall: config file wrong\.yaml: Port: .*\n$/);
  });

  test("answers health checks on each gRPC port, and tools that ask for contracts unless it is in earnest", async (t) => {
    for (const [Mode, reflectionRefusal] of [
      ["dev", undefined],
      ["pro", UNIMPLEMENTED],
    ] as const) {
      const folder = testFolder(t);
      const mall = await startMall(t, folder, writeAllInOne(folder, { Mode }));
      for (const service of ["user", "product", "order", "pay"]) {
        const answers = await probeRpc(mall.address(`${service}.rpc`));
        assert.deepEqual(answers, { health: SERVING, reflectionRefusal });
      }
    }
  });

  test("keeps users, tokens and rows over a restart", async (t) => {
    const folder = testFolder(t);
    const config = writeAllInOne(folder);
    const first = await startMall(t, folder, config);
    await register(first.url);
    const token = await logIn(first.url);
    const product = { name: "tea", desc: "green", stock: 3, amount: 5, status: 0 };
    const { id } = await createProductHttpClient({ baseUrl: first.url, token }).create(product);
    first.process.kill("SIGTERM");
    assert.equal((await first.finished).code, 0);

    const second = await startMall(t, folder, config);
    await logIn(second.url);
    const found = await createProductHttpClient({ baseUrl: second.url, token }).detail({ id });
    assert.deepEqual(found, { id, ...product });
  });

  test("keeps every row that it acknowledged when it is killed in the middle of writing", async (t) => {
    const folder = testFolder(t);
    const config = writeAllInOne(folder, { Auth: { AccessSecret: SECRET } });
    const killed = await startMall(t, folder, config);
    const staff = staffOf(killed);
    const acknowledged: { id: number; stock: number }[] = [];
    const write = async (stock: number): Promise<void> => {
      const { id } = await staff.create({ name: "tea", desc: "green", stock, amount: 5, status: 0 });
      acknowledged.push({ id, stock });
      if (acknowledged.length === 100) killed.process.kill("SIGKILL");
      await write(stock + 1);
    };
    await Promise.allSettled([0, 1000, 2000, 3000, 4000, 5000, 6000, 7000].map(write));
    await killed.finished;
    assert.ok(acknowledged.length >= 100);

    const restarted = staffOf(await startMall(t, folder, config));
    for (const { id, stock } of acknowledged) assert.equal((await restarted.detail({ id })).stock, stock);
  });
});
