import { randomBytes } from "node:crypto";
import type { TestContext } from "node:test";
import { checkConfig, type EtcdConfig, rpcServerConfig } from "@mall/kit/config";
import { silentLogger } from "@mall/kit/log";
import type { EndpointSource } from "@mall/kit/rpc";
import { type Runtime, systemRuntime } from "@mall/kit/runtime";
import { startEtcd, until } from "@mall/kit/testing";
import { Etcd3 } from "etcd3";
import { etcdEndpoints } from "./etcd-endpoints.ts";
import { type Registration, registerInstance } from "./register-instance.ts";

/** A key of an etcd that other tests use as well. */
export interface TestKey {
  readonly etcd: EtcdConfig;
  /** The library itself, to see and do what others would. */
  readonly raw: Etcd3;
}

/** A service key that nobody else uses, on the shared server or the one given. */
export async function testKey(t: TestContext, host?: string): Promise<TestKey> {
  const etcd = etcdAt(host ?? (await sharedHost()));
  const raw = new Etcd3({ hosts: etcd.Hosts });
  t.after(() => raw.close());
  return { etcd, raw };
}

/** An `Etcd` block for a key that nobody else uses. */
export function etcdAt(hosts: string | readonly string[], more: object = {}): EtcdConfig {
  const Key = `test-${randomBytes(8).toString("hex")}.rpc`;
  const values = { Name: Key, ListenOn: "127.0.0.1:0", Etcd: { Hosts: [hosts].flat(), Key, ...more } };
  const { Etcd } = checkConfig("(test)", values, rpcServerConfig);
  if (Etcd === undefined) throw new Error("the block is lost");
  return Etcd;
}

async function sharedHost(): Promise<string> {
  const server = await startEtcd();
  if ("skipped" in server) throw new Error(server.skipped);
  return server.host;
}

/** An instance that is registered until the test ends. */
export async function register(t: TestContext, etcd: EtcdConfig, listenOn: string): Promise<Registration> {
  const registration = await registerInstance({ etcd, listenOn, runtime: systemRuntime, log: silentLogger });
  t.after(() => registration.revoke());
  return registration;
}

/** The instances that a watcher knew from one instant on, in ms. */
export interface SeenList {
  readonly list: readonly string[];
  readonly at: number;
}

/** The instances of a key, followed until the test ends. */
export function follow(
  t: TestContext,
  etcd: EtcdConfig,
  runtime: Runtime = systemRuntime,
): EndpointSource & { readonly seen: SeenList[] } {
  const source = etcdEndpoints({ servers: etcd, key: etcd.Key, runtime, log: silentLogger });
  const seen: SeenList[] = [];
  source.onChange(() => seen.push({ list: source.current() ?? [], at: Date.now() }));
  t.after(() => source.close());
  return { ...source, seen };
}

/** Waits until a watcher knows so many instances. */
export async function untilKnown(source: EndpointSource, count: number, withinMs = 5_000): Promise<void> {
  await until(`${count} instances are known`, source.current, {
    holds: (now) => now?.length === count,
    withinMs,
  });
}

/** The keys and values of a service. */
export async function entriesOf({ etcd, raw }: TestKey): Promise<[string, string][]> {
  return Object.entries(await raw.getAll().prefix(`${etcd.Key}/`).strings());
}
