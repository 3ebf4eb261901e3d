import type { TestCertificates } from "./certificates.ts";
import { EtcdProcess, findEtcd } from "./etcd-process.ts";
import type { Skipped } from "./mariadb.ts";

/** An etcd server for tests, shared with other test files: each uses keys of its own. */
export interface TestEtcd {
  /** `host:port` that clients connect to. */
  readonly host: string;
}

/** A server that belongs to one test alone, which may crash it. */
export interface PrivateEtcd extends TestEtcd {
  /** Ends the server as a crash would. */
  kill(): Promise<void>;
  /** Forgets everything the server kept; after `kill`. */
  loseData(): void;
  /** Starts it again on the same data and port. */
  restart(): Promise<void>;
  /** Freezes it in mid-work: connections stay open, but nothing answers. */
  freeze(): Promise<void>;
  thaw(): void;
  /** Ends the server and removes its data. */
  stop(): Promise<void>;
}

const VARIABLE = "MALL_TEST_ETCD";

let ownServer: Promise<EtcdProcess> | undefined;

/** Why tests on etcd cannot run here; undefined if they can. In CI a missing backend is a failure. */
export function whyNoEtcd(): string | undefined {
  if (process.env[VARIABLE] !== undefined || findEtcd() !== undefined) return undefined;
  return missing(`no etcd is installed and ${VARIABLE} is not set`);
}

/** Why tests that need a server of their own cannot run here; undefined if they can. */
export function whyNoPrivateEtcd(): string | undefined {
  return findEtcd() === undefined ? missing("no etcd is installed") : undefined;
}

/**
 * The server that `MALL_TEST_ETCD` (`host:port`) names, else one that this process starts on first use and
 * that ends with it.
 */
export async function startEtcd(): Promise<TestEtcd | Skipped> {
  const given = process.env[VARIABLE];
  if (given !== undefined) return { host: given };
  const skipped = whyNoEtcd();
  if (skipped !== undefined) return { skipped };
  ownServer ??= EtcdProcess.start(findEtcd() ?? "etcd");
  return { host: (await ownServer).host };
}

/**
 * A server for one test alone, in plain text or with TLS on both sides.
 *
 * @throws Error where none is installed; ask `whyNoPrivateEtcd` first.
 */
export async function startPrivateEtcd(tls?: TestCertificates): Promise<PrivateEtcd> {
  const binary = findEtcd();
  if (binary === undefined) throw new Error("no etcd is installed");
  return EtcdProcess.start(binary, tls);
}

/**
 * A cluster for one test alone; while one of three members is away, the other two go on.
 *
 * @throws Error where etcd is not installed; ask `whyNoPrivateEtcd` first.
 */
export async function startEtcdCluster(size: number, tls?: TestCertificates): Promise<PrivateEtcd[]> {
  const binary = findEtcd();
  if (binary === undefined) throw new Error("no etcd is installed");
  return EtcdProcess.startCluster(binary, size, tls);
}

/** Makes a server ask for this password of the user `root` from now on. */
export async function requirePassword({ host }: TestEtcd, password: string): Promise<void> {
  const steps = [
    ["user/add", { name: "root", password }],
    ["role/add", { name: "root" }],
    ["user/grant", { user: "root", role: "root" }],
    ["enable", {}],
  ] as const;
  for (const [path, body] of steps) {
    await ask(host, `auth/${path}`, body);
  }
}

/** The values of all keys with a prefix, sorted. */
export async function valuesUnder({ host }: TestEtcd, prefix: string): Promise<string[]> {
  const key = Buffer.from(prefix);
  const end = Buffer.from(key);
  end[end.length - 1] = (end.at(-1) ?? 0) + 1;
  const range = { key: key.toString("base64"), range_end: end.toString("base64") };
  const { kvs = [] } = (await ask(host, "kv/range", range)) as { kvs?: { value: string }[] };
  return kvs.map(({ value }) => Buffer.from(value, "base64").toString()).sort();
}

/** One call of etcd's JSON gateway, which needs no library. */
async function ask(host: string, path: string, body: object): Promise<unknown> {
  const answer = await fetch(`http://${host}/v3/${path}`, { method: "POST", body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`etcd refused ${path}: ${await answer.text()}`);
  return answer.json();
}

function missing(reason: string): string {
  if (process.env.CI === "true") throw new Error(reason);
  return reason;
}
