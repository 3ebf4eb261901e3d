import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { silentLogger } from "@mall/kit/log";
import { type Runtime, systemRuntime } from "@mall/kit/runtime";
import { startPrivateEtcd, until, whyNoEtcd, whyNoPrivateEtcd } from "@mall/kit/testing";
import { registerInstance } from "./register-instance.ts";
import { entriesOf, etcdAt, register, testKey } from "./test-etcd.ts";

/** A runtime on which the time that a first registration may take is over at once. */
const IMPATIENT: Runtime = {
  ...systemRuntime,
  setTimer: (callback, delayMs) => systemRuntime.setTimer(callback, delayMs === 10_000 ? 300 : delayMs),
};

describe("a registered instance", { skip: whyNoEtcd() ?? false }, () => {
  test("is <Key>/<lease id in decimal>, with host:port as its value, on a lease of 10 s", async (t) => {
    const key = await testKey(t);
    await register(t, key.etcd, "127.0.0.1:9001");
    const [[name, value] = ["", ""], ...others] = await entriesOf(key);
    assert.deepEqual([value, others], ["127.0.0.1:9001", []]);
    const { kvs } = await key.raw.kv.range({ key: Buffer.from(name) });
    assert.equal(name, `${key.etcd.Key}/${kvs[0]?.lease}`);
    assert.ok(BigInt(kvs[0]?.lease ?? 0) > 2n ** 53n, "the id must not pass through a number");
    const { grantedTTL } = await key.raw.leaseClient.leaseTimeToLive({ ID: kvs[0]?.lease ?? "" });
    assert.equal(grantedTTL, "10");
  });

  test("is <Key>/<ID> where an ID is given", async (t) => {
    const key = await testKey(t);
    await register(t, { ...key.etcd, ID: 7 }, "127.0.0.1:9001");
    assert.deepEqual(await entriesOf(key), [[`${key.etcd.Key}/7`, "127.0.0.1:9001"]]);
  });

  test("is gone at once when it is revoked", async (t) => {
    const key = await testKey(t);
    const registration = await register(t, key.etcd, "127.0.0.1:9001");
    await registration.revoke();
    assert.deepEqual(await entriesOf(key), []);
  });

  test("puts its key again, on the same lease, when somebody deletes it", async (t) => {
    const key = await testKey(t);
    await register(t, key.etcd, "127.0.0.1:9001");
    const before = await entriesOf(key);
    await key.raw.delete().prefix(`${key.etcd.Key}/`);
    await until("the instance is registered again", () => entriesOf(key), {
      holds: (entries) => entries.length === 1,
    });
    assert.deepEqual(await entriesOf(key), before);
  });

  test("registers under a new lease when its lease is lost", async (t) => {
    const key = await testKey(t);
    await register(t, key.etcd, "127.0.0.1:9001");
    const [[name] = [""]] = await entriesOf(key);
    await key.raw.leaseClient.leaseRevoke({ ID: name.split("/")[1] ?? "" });
    const entries = await until("the instance is registered under another lease", () => entriesOf(key), {
      holds: (now) => now.length === 1 && now[0]?.[0] !== name,
    });
    assert.equal(entries[0]?.[1], "127.0.0.1:9001");
  });
});

describe("registration at an etcd with troubles", { skip: whyNoPrivateEtcd() ?? false }, () => {
  test("outlives a crash of etcd, and one that loses all data", async (t) => {
    const server = await startPrivateEtcd();
    t.after(() => server.stop());
    const key = await testKey(t, server.host);
    await register(t, key.etcd, "127.0.0.1:9001");
    const before = await entriesOf(key);
    await server.kill();
    await server.restart();
    assert.deepEqual(
      await until("the instance is registered", () => entriesOf(key).catch(() => []), {
        holds: (now) => now.length > 0,
      }),
      before,
    );
    await server.kill();
    server.loseData();
    await server.restart();
    const after = await until("the instance is registered again", () => entriesOf(key).catch(() => []), {
      holds: (now) => now.length > 0,
      withinMs: 10_000,
    });
    assert.equal(after[0]?.[1], "127.0.0.1:9001");
    assert.notDeepEqual(after, before);
  });
});

test("an etcd that does not answer ends the start with one line that says what to do", async () => {
  const etcd = etcdAt("127.0.0.1:1");
  const starting = registerInstance({
    etcd,
    listenOn: "127.0.0.1:9001",
    runtime: IMPATIENT,
    log: silentLogger,
  });
  await assert.rejects(starting, {
    reason: "ETCD_UNUSABLE",
    message: `cannot register ${etcd.Key} at etcd 127.0.0.1:1: it does not answer: start it, or correct Etcd.Hosts (and its certificates)`,
  });
});
