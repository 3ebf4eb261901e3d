import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { type Logger, silentLogger } from "@mall/kit/log";
import { type Runtime, systemRuntime } from "@mall/kit/runtime";
import {
  makeCertificates,
  type PrivateEtcd,
  requirePassword,
  startEtcdCluster,
  until,
  valuesUnder,
  whyNoCertificates,
  whyNoPrivateEtcd,
} from "@mall/kit/testing";
import { etcdEndpoints } from "./etcd-endpoints.ts";
import { registerInstance } from "./register-instance.ts";
import { etcdAt, follow, register, type SeenList, untilKnown } from "./test-etcd.ts";

const LEASE_MS = 10_000;
/** A process that starts while a member is away must be found within seconds. */
const SECONDS_MS = 8_000;
/** A silent member is noticed, and the watch begun at another one. */
const NOTICED_MS = 15_000;
/**
 * A leader that was frozen may revoke leases by its own clock as it wakes, though the others have renewed them
 * (https://github.com/etcd-io/etcd/issues/15247): an instance registers anew as soon as it sees its key gone.
 */
const BACK_MS = 2_000;

const INSTANCES = Array.from({ length: 8 }, (_, index) => `127.0.0.1:${9001 + index}`);

async function startThree(
  t: TestContext,
  tls?: Parameters<typeof startEtcdCluster>[1],
): Promise<[PrivateEtcd, PrivateEtcd, PrivateEtcd]> {
  const [first, second, third] = await startEtcdCluster(3, tls);
  assert.ok(first !== undefined && second !== undefined && third !== undefined);
  t.after(() => Promise.all([first, second, third].map((member) => member.stop())));
  return [first, second, third];
}

/**
 * The hosts as eight processes would have them: each list is another one, so that each has connections of its own,
 * and they begin at all of the members.
 */
function hostLists(members: readonly PrivateEtcd[]): string[][] {
  return Array.from({ length: 2 ** members.length }, (_, bits) =>
    members.map(({ host }, index) => ((bits >> index) & 1 ? host.replace("127.0.0.1", "localhost") : host)),
  );
}

/** For how long an instance was missing from a list, at most, after the list had been whole once. */
function longestMissingMs(seen: readonly SeenList[], address: string): number {
  const whole = seen.slice(seen.findIndex(({ list }) => list.length === INSTANCES.length));
  const spans = whole.map(({ list, at }, index) => {
    const until = whole[index + 1]?.at ?? Date.now();
    // A watcher that sees nobody for a moment keeps those it knows.
    return list.length === 0 || list.includes(address) ? 0 : until - at;
  });
  return Math.max(...spans);
}

/** Two at a time: each has a cluster of its own, and most of it is waiting for leases to end. */
describe("a cluster of three etcd members", { skip: whyNoPrivateEtcd() ?? false, concurrency: 2 }, () => {
  for (const dead of [0, 1, 2]) {
    test(`with one killed, number ${dead}, takes new instances, which find their peers within seconds`, async (t) => {
      const members = await startThree(t);
      const { Key } = etcdAt("127.0.0.1:1");
      const [before = "", ...after] = INSTANCES;
      const lists = hostLists(members);
      await register(t, etcdAt(lists[0] ?? [], { Key }), before);
      await members[dead]?.kill();
      const startedAt = Date.now();
      for (const [index, address] of after.entries()) {
        await register(t, etcdAt(lists[index + 1] ?? [], { Key }), address);
      }
      const sources = lists.map((hosts) => follow(t, etcdAt(hosts, { Key })));
      for (const source of sources) {
        await untilKnown(source, INSTANCES.length, SECONDS_MS);
      }
      assert.ok(Date.now() - startedAt < SECONDS_MS, `${Date.now() - startedAt} ms`);
    });
  }

  test("with one frozen for longer than a lease, whichever it is, keeps every instance, and watchers see changes", {
    timeout: 180_000,
  }, async (t) => {
    const members = await startThree(t);
    const { Key } = etcdAt("127.0.0.1:1");
    const lists = hostLists(members);
    const blocks = lists.map((hosts) => etcdAt(hosts, { Key }));
    for (const [index, etcd] of blocks.entries()) await register(t, etcd, INSTANCES[index] ?? "");
    const sources = blocks.map((etcd) => follow(t, etcd));
    for (const source of sources) await untilKnown(source, INSTANCES.length);
    for (const [index, frozen] of members.entries()) {
      const other = members[(index + 1) % members.length];
      assert.ok(other !== undefined);
      await frozen.freeze();
      const frozenAt = Date.now();
      const late = `127.0.0.1:${9101 + index}`;
      const registration = await register(t, etcdAt(lists[index] ?? [], { Key }), late);
      for (const { current } of sources) {
        await until("the late instance is known", current, {
          holds: (now) => now?.includes(late) === true,
          withinMs: NOTICED_MS,
        });
      }
      await registration.revoke();
      for (const { current } of sources) {
        await until("the late instance is gone", current, {
          holds: (now) => now?.includes(late) === false,
          withinMs: NOTICED_MS,
        });
      }
      await until(
        "the lease of the frozen member's instances would have ended",
        () => valuesUnder(other, `${Key}/`),
        { holds: () => Date.now() - frozenAt > 1.2 * LEASE_MS, withinMs: 2 * LEASE_MS },
      );
      await until("every instance is kept, and none more", () => valuesUnder(other, `${Key}/`), {
        holds: (now) => JSON.stringify(now) === JSON.stringify(INSTANCES),
        withinMs: BACK_MS,
      });
      frozen.thaw();
    }
    for (const source of sources) {
      for (const address of INSTANCES) {
        const missing = longestMissingMs(source.seen, address);
        assert.ok(missing < BACK_MS, `${address} was missing from a list for ${missing} ms`);
      }
    }
  });

  test("with two killed is an outage that is told once; what is known stays, and all goes on by itself", {
    timeout: 120_000,
  }, async (t) => {
    const [first, second, third] = await startThree(t);
    const etcd = etcdAt([first.host, second.host, third.host]);
    const lines: string[] = [];
    const log: Logger = {
      ...silentLogger,
      info: (_, text) => void lines.push(text),
      warn: (_, text) => void lines.push(text),
      child: () => log,
    };
    await register(t, etcd, "127.0.0.1:9001");
    const source = etcdEndpoints({ servers: etcd, key: etcd.Key, runtime: systemRuntime, log });
    t.after(() => source.close());
    await untilKnown(source, 1);
    await Promise.all([first.kill(), second.kill()]);
    const starting = registerInstance({
      etcd: { ...etcd, ID: 7 },
      listenOn: "127.0.0.1:9002",
      runtime: systemRuntime,
      log: silentLogger,
    });
    await assert.rejects(starting, {
      reason: "ETCD_UNUSABLE",
      message: `cannot register ${etcd.Key} at etcd ${etcd.Hosts.join(", ")}: it does not answer: start it, or correct Etcd.Hosts (and its certificates)`,
    });
    await until("the loss is told", () => lines, { holds: (seen) => seen.length > 0, withinMs: NOTICED_MS });
    const lostAt = Date.now();
    await until("a lease would have ended", () => source.current(), {
      holds: () => Date.now() - lostAt > LEASE_MS,
      withinMs: 2 * LEASE_MS,
    });
    assert.deepEqual(source.current(), ["127.0.0.1:9001"]);
    await Promise.all([first.restart(), second.restart()]);
    await register(t, { ...etcd, ID: 7 }, "127.0.0.1:9002");
    await untilKnown(source, 2, NOTICED_MS);
    assert.deepEqual(lines, ["lost etcd; retrying every second", "etcd answers again"]);
  });

  test("is used with user and password while one of it is frozen", async (t) => {
    const members = await startThree(t);
    const hosts = members.map(({ host }) => host);
    await requirePassword(members[0], "s3cret");
    for (const [index, frozen] of members.entries()) {
      const etcd = etcdAt([...hosts, `localhost:${hosts[index]?.split(":")[1]}`].slice(0, 3 + (index % 2)), {
        User: "root",
        Pass: "s3cret",
      });
      await frozen.freeze();
      await register(t, etcd, "127.0.0.1:9001");
      const source = follow(t, etcd);
      await untilKnown(source, 1, SECONDS_MS);
      frozen.thaw();
    }
  });

  test("is used over TLS while one of it is dead", { skip: whyNoCertificates() ?? false }, async (t) => {
    const tls = makeCertificates(["localhost"]);
    const members = await startThree(t, tls);
    const hosts = members.map(({ host }) => host.replace("127.0.0.1", "localhost"));
    const files = { CACertFile: tls.caFile, CertFile: tls.certFile, CertKeyFile: tls.keyFile };
    await members[0].kill();
    const etcd = etcdAt(hosts, files);
    await register(t, etcd, "127.0.0.1:9001");
    const source = follow(t, etcd);
    await untilKnown(source, 1, SECONDS_MS);
  });
});

test("hosts that lead nowhere do not keep a process from one that answers", {
  skip: whyNoPrivateEtcd() ?? false,
}, async (t) => {
  const [server] = await startEtcdCluster(1);
  assert.ok(server !== undefined);
  t.after(() => server.stop());
  /** Begins at the first host of the list. */
  const inOrder: Runtime = { ...systemRuntime, randomBytes: (length) => new Uint8Array(length) };
  const etcd = etcdAt(["no-such-host.invalid:2379", "127.0.0.1:1", server.host]);
  const registration = await registerInstance({
    etcd,
    listenOn: "127.0.0.1:9001",
    runtime: inOrder,
    log: silentLogger,
  });
  assert.deepEqual(await valuesUnder(server, `${etcd.Key}/`), ["127.0.0.1:9001"]);
  await registration.revoke();
});
