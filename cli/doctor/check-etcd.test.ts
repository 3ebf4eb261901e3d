import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { startEtcdCluster, until, valuesUnder, whyNoPrivateEtcd } from "@mall/kit/testing";
import { runMall } from "../testing/run-mall.ts";
import { testFolder, writeConfig } from "../testing/test-mall.ts";
import type { Finding } from "./finding.ts";

test("mall doctor names the members of an etcd that are away, and says whether the others can go on", {
  skip: whyNoPrivateEtcd() ?? false,
}, async (t) => {
  const folder = testFolder(t);
  const members = await startEtcdCluster(3);
  t.after(() => Promise.all(members.map((member) => member.stop())));
  const hosts = members.map(({ host }) => host);
  const config = writeConfig(folder, "user.yaml", {
    Name: "user.rpc",
    ListenOn: "127.0.0.1:0",
    Mysql: { DataSource: `sqlite:${join(folder, "none.db")}` },
    Etcd: { Hosts: hosts, Key: `${folder}/user` },
    // Where it is takes it from the block above.
    OrderRpc: { Etcd: { Key: `${folder}/order` } },
  });
  const seen = async (): Promise<string[]> => {
    const { stdout } = await runMall(["doctor", "--json", "-f", config], { cwd: folder });
    const { findings }: { findings: Finding[] } = JSON.parse(stdout);
    const told = findings.filter(({ what }) => what.startsWith("etcd") || what.startsWith("OrderRpc"));
    return told.map(({ level, what, fix }) => `${level} ${what}${fix === undefined ? "" : `: ${fix}`}`);
  };
  const [first, second] = members;
  const noOrder = "fail OrderRpc: no instance is registered: start order.rpc";
  assert.deepEqual(await seen(), [`ok etcd ${[...hosts].sort().join(", ")}: all members answer`, noOrder]);
  await first?.kill();
  // Where it led, the others elect a leader first, and nobody has a majority meanwhile.
  await until(
    "a leader is there",
    () => valuesUnder({ host: second?.host ?? "" }, "none").catch(() => undefined),
    {
      holds: (values) => values !== undefined,
      withinMs: 60_000,
    },
  );
  assert.deepEqual(await seen(), [
    `warn etcd ${first?.host} does not answer, 2 of 3 members do: start it, or correct Etcd.Hosts: with more of them away no process can register`,
    noOrder,
  ]);
  await second?.freeze();
  const [alone] = await seen();
  assert.equal(
    alone,
    `fail etcd ${members[2]?.host} has no majority: nothing can be registered or looked up: start the other members (${first?.host}, ${second?.host})`,
  );
});
