import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, test } from "node:test";
import { systemRuntime } from "@mall/kit/runtime";
import { startPrivateEtcd, until, whyNoEtcd, whyNoPrivateEtcd } from "@mall/kit/testing";
import { connectEtcd } from "./etcd-store.ts";
import { follow, register, testKey, untilKnown } from "./test-etcd.ts";

const ONE = "127.0.0.1:9001";
const TWO = "127.0.0.1:9002";

describe("the instances of a service", { skip: whyNoEtcd() ?? false }, () => {
  test("are the values under <Key>/, each once, as they come and go", async (t) => {
    const key = await testKey(t);
    const source = follow(t, key.etcd);
    await until("the instances are known", () => source.current() !== undefined);
    assert.deepEqual(source.current(), []);
    await register(t, key.etcd, ONE);
    const second = await register(t, key.etcd, TWO);
    const double = await register(t, key.etcd, TWO);
    await untilKnown(source, 2);
    assert.deepEqual(source.current(), [ONE, TWO]);
    await second.revoke();
    await register(t, key.etcd, "127.0.0.1:9003");
    await untilKnown(source, 3);
    await double.revoke();
    await untilKnown(source, 2);
    assert.deepEqual(source.current(), [ONE, "127.0.0.1:9003"]);
  });

  test("are not those of a service whose key merely begins alike, and not what is no address", async (t) => {
    const key = await testKey(t);
    await key.raw.put(`${key.etcd.Key}x/1`).value(TWO);
    await key.raw.put(`${key.etcd.Key}/1`).value("not an address");
    await key.raw.put(`${key.etcd.Key}/2`).value(ONE);
    const source = follow(t, key.etcd);
    await until("the instances are known", () => source.current() !== undefined);
    assert.deepEqual(source.current(), [ONE]);
  });

  test("do not include, 15 s later at the latest, a process that was killed", {
    timeout: 25_000,
  }, async (t) => {
    const key = await testKey(t);
    await register(t, key.etcd, ONE);
    const script = `
      import { systemRuntime } from "@mall/kit/runtime";
      import { silentLogger } from "@mall/kit/log";
      import { registerInstance } from "./register-instance.ts";
      const etcd = JSON.parse(process.argv[1]);
      await registerInstance({ etcd, listenOn: "${TWO}", runtime: systemRuntime, log: silentLogger });`;
    const child = spawn(
      process.execPath,
      ["--input-type=module", "--eval", script, JSON.stringify(key.etcd)],
      { cwd: import.meta.dirname, stdio: "inherit" },
    );
    const source = follow(t, key.etcd);
    await untilKnown(source, 2);
    child.kill("SIGKILL");
    await once(child, "exit");
    await untilKnown(source, 1, 15_000);
    assert.deepEqual(source.current(), [ONE]);
  });

  test("are read anew where a revision is gone that the watch would begin at", async (t) => {
    const key = await testKey(t);
    const store = await connectEtcd(key.etcd, systemRuntime);
    t.after(() => store.close());
    const range = { prefix: `${key.etcd.Key}/` };
    const { revision } = await store.read(range);
    await key.raw.put(`${key.etcd.Key}/1`).value(ONE);
    await key.raw.put(`${key.etcd.Key}/1`).value(TWO);
    const { header } = await key.raw.kv.range({ key: Buffer.from("x") });
    await key.raw.kv.compact({ revision: header.revision });
    await assert.rejects(
      store.watch(range, revision, () => {}, new AbortController().signal),
      /revisions before \d+ are gone/,
    );
  });
});

describe("instances known from an etcd with troubles", { skip: whyNoPrivateEtcd() ?? false }, () => {
  test("stay while it is down, and while it has lost its data until they are registered again", async (t) => {
    const server = await startPrivateEtcd();
    t.after(() => server.stop());
    const key = await testKey(t, server.host);
    await register(t, key.etcd, ONE);
    const source = follow(t, key.etcd);
    await untilKnown(source, 1);
    await server.kill();
    server.loseData();
    await server.restart();
    const late = await testKey(t, server.host);
    await register(t, { ...late.etcd, Key: key.etcd.Key }, TWO);
    await untilKnown(source, 2, 10_000);
    assert.ok(
      source.seen.every(({ list }) => list.length > 0),
      JSON.stringify(source.seen),
    );
  });
});
