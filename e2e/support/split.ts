import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { freePort, freePorts, freezeProcess, shebangFlags, thawProcess } from "@mall/kit/testing";
import { parse, stringify } from "yaml";
import type { ApiUrls } from "./people.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const CLI = join(ROOT, "cli/main.ts");
/** As the command starts it, without the process in between that would outlive a kill. */
const FLAGS = shebangFlags(join(ROOT, "cli/bin/mall.js"));
const SERVICES = ["user", "product", "order", "pay"] as const;
type Service = (typeof SERVICES)[number];

/** The eight processes of the split placement, each one a real one. */
export interface SplitMall {
  readonly urls: ApiUrls;
  /** `host:port` of a service's rpc process. */
  rpcAddress(service: Service): string;
  /** Asks one process to end, as an operator does; resolves with the exit code, null where a signal ended it. */
  terminate(name: string): Promise<number | null>;
  /** Ends one process the hard way and starts it again. */
  killAndRestart(name: string): Promise<void>;
  /** Ends one process the hard way. */
  kill(name: string): Promise<void>;
  /** Starts one process again that was ended. */
  start(name: string): Promise<void>;
  /** Stops one process in the middle of whatever it does: connections stay, answers do not come. */
  freeze(name: string): Promise<void>;
  thaw(name: string): void;
  /** Id of a process, undefined where it does not run. */
  pid(name: string): number | undefined;
  /** Starts one more instance of an rpc process, on a port of its own; it ends with the mall. */
  addInstance(service: Service): Promise<RpcInstance>;
  /** What each process, by name, has printed; whole once the mall has stopped. */
  readonly printed: ReadonlyMap<string, string>;
  stop(): Promise<void>;
}

/** One more instance of a service's rpc process. */
interface RpcInstance {
  /** `host:port`. */
  readonly address: string;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
}

interface Ports {
  readonly api: number;
  readonly rpc: number;
}

export interface SplitOptions {
  /** A DSN; SQLite in a folder of its own without it. */
  readonly dataSource?: string | undefined;
  /** `host:port` of the etcd where the processes find each other; without it they know their ports. */
  readonly etcd?: string | undefined;
  /** Further blocks of a process's file, by its name (`pay.rpc`); they may say where the apis are. */
  readonly blocks?: (name: string, urls: ApiUrls) => object;
}

/**
 * Starts the eight processes with the seed's YAML files, adapted to free ports, a test's database, and a
 * test's etcd or Endpoints on loopback.
 */
export async function startSplitMall(options: SplitOptions): Promise<SplitMall> {
  const folder = mkdtempSync(join(tmpdir(), "mall-split-"));
  const dataSource = options.dataSource ?? `sqlite:${join(folder, "mall.db")}`;
  const ports = await choosePorts();
  const { etcd, blocks } = options;
  const files = writeConfigs({ folder, dataSource, ports, etcd, blocks });
  const printed = new Map<string, string>();
  const start = (name: string, from = files): Promise<ChildProcess> =>
    startProcess(name, from, (text) => printed.set(name, (printed.get(name) ?? "") + text));
  await run(["migrate", "--data-source", dataSource]);
  const children = new Map<string, ChildProcess>();
  for (const layer of ["rpc", "api"] as const) {
    const starts = SERVICES.map(async (service) => {
      const name = `${service}.${layer}`;
      children.set(name, await start(name));
    });
    const failed = (await Promise.allSettled(starts)).find(({ status }) => status === "rejected");
    if (failed?.status === "rejected") {
      // They would keep the test's process alive.
      await Promise.all([...children.values()].map((child) => end(child, "SIGKILL")));
      throw failed.reason;
    }
  }
  return {
    urls: urlsOf(ports),
    rpcAddress: (service) => `127.0.0.1:${ports[service].rpc}`,
    kill: async (name) => {
      await end(children.get(name), "SIGKILL");
    },
    terminate: (name) => end(children.get(name), "SIGTERM"),
    start: async (name) => {
      children.set(name, await start(name));
    },
    freeze: (name) => freezeProcess(requiredPid(children.get(name), name)),
    thaw: (name) => thawProcess(requiredPid(children.get(name), name)),
    pid: (name) => runningPid(children.get(name)),
    killAndRestart: async (name) => {
      await end(children.get(name), "SIGKILL");
      children.set(name, await start(name));
    },
    addInstance: async (service) => {
      const port = await freePort();
      const more = writeConfigs({
        folder,
        dataSource,
        etcd,
        blocks,
        ports: { ...ports, [service]: { api: 0, rpc: port } },
      });
      const child = await start(`${service}.rpc`, more);
      const address = `127.0.0.1:${port}`;
      children.set(address, child);
      return {
        address,
        kill: async () => {
          await end(child, "SIGKILL");
        },
      };
    },
    printed,
    stop: async () => {
      await Promise.all([...children.values()].map((child) => end(child, "SIGTERM")));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function choosePorts(): Promise<Record<Service, Ports>> {
  const free = await freePorts(2 * SERVICES.length);
  const entries = SERVICES.map((service, index): [Service, Ports] => [
    service,
    { api: free[2 * index] ?? 0, rpc: free[2 * index + 1] ?? 0 },
  ]);
  return Object.fromEntries(entries) as Record<Service, Ports>;
}

interface ConfigOptions {
  readonly folder: string;
  readonly dataSource: string;
  readonly ports: Record<Service, Ports>;
  readonly etcd: string | undefined;
  readonly blocks: SplitOptions["blocks"];
}

function writeConfigs({ folder, dataSource, ports, etcd, blocks }: ConfigOptions): Map<string, string> {
  const files = new Map<string, string>();
  const at = (service: Service): object | undefined =>
    etcd === undefined ? undefined : { Hosts: [etcd], Key: `${service}.rpc` };
  const neighbours = Object.fromEntries(
    SERVICES.map((service) => [
      neighbourKey(service),
      etcd === undefined ? { Endpoints: [`127.0.0.1:${ports[service].rpc}`] } : { Etcd: at(service) },
    ]),
  );
  for (const service of SERVICES) {
    for (const layer of ["api", "rpc"] as const) {
      const seed: object = parse(
        readFileSync(join(ROOT, `services/${service}/${layer}/etc/${service}.yaml`), "utf8"),
      );
      const own =
        layer === "api"
          ? { Host: "127.0.0.1", Port: ports[service].api }
          : { ListenOn: `127.0.0.1:${ports[service].rpc}`, Etcd: at(service) };
      const path = join(folder, `${service}.${layer}.${ports[service].rpc}.yaml`);
      // What is undefined is left out: the seed's hosts are not there.
      const adapted = { ...seed, ...own, ...neighbours, CacheRedis: undefined };
      const name = `${service}.${layer}`;
      writeFileSync(
        path,
        stringify({
          ...adapted,
          Mysql: { DataSource: dataSource },
          ...unlimited(name),
          ...blocks?.(name, urlsOf(ports)),
        }),
      );
      files.set(name, path);
    }
  }
  return files;
}

/** All of a test's users share one address, which would have its share of registrations in a second. */
function unlimited(name: string): object {
  return name === "user.api" ? { RateLimit: { LoginPerMinute: 0, RegisterPerMinute: 0 } } : {};
}

function neighbourKey(service: Service): string {
  return `${service.charAt(0).toUpperCase()}${service.slice(1)}Rpc`;
}

function urlsOf(ports: Record<Service, Ports>): ApiUrls {
  const url = (service: Service): string => `http://127.0.0.1:${ports[service].api}`;
  return { user: url("user"), product: url("product"), order: url("order"), pay: url("pay") };
}

async function startProcess(
  name: string,
  files: Map<string, string>,
  listen: (text: string) => void,
): Promise<ChildProcess> {
  const child = spawn(process.execPath, [...FLAGS, CLI, "serve", name, "-f", files.get(name) ?? ""], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout?.setEncoding("utf8").on("data", listen);
  child.stderr?.setEncoding("utf8").on("data", listen);
  await untilReady(child, name);
  return child;
}

function untilReady(child: ChildProcess, name: string): Promise<void> {
  return new Promise((resolvePromise, reject) => {
    let said = "";
    const listen = (text: string): void => {
      said += text;
      if (said.includes(`${name} is ready`)) resolvePromise();
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.once("exit", (code) => reject(new Error(`${name} ended with ${code}: ${said}`)));
  });
}

function requiredPid(child: ChildProcess | undefined, name: string): number {
  const pid = runningPid(child);
  if (pid === undefined) throw new Error(`${name} does not run`);
  return pid;
}

function runningPid(child: ChildProcess | undefined): number | undefined {
  return child?.exitCode === null && child.signalCode === null ? child.pid : undefined;
}

async function run(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ["ignore", "ignore", "inherit"] });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`mall ${args[0]} ended with ${code}`);
}

async function end(child: ChildProcess | undefined, signal: "SIGKILL" | "SIGTERM"): Promise<number | null> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
    return child?.exitCode ?? null;
  }
  // Not "exit": what was printed last may still be on its way.
  const ended = once(child, "close");
  child.kill(signal);
  await ended;
  return child.exitCode;
}
