import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import {
  freePort,
  freezeProcess,
  shebangFlags,
  startRedis,
  thawProcess,
  whyNoRedis,
} from "@mall/kit/testing";
import type { ApiUrls } from "./people.ts";
import {
  addressOf,
  type ConfigOptions,
  choosePlaces,
  type Place,
  type Servers,
  urlsOf,
  writeConfig,
} from "./split-config.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const CLI = join(ROOT, "cli/main.ts");
/** As the command starts it, without the process in between that would outlive a kill. */
const FLAGS = shebangFlags(join(ROOT, "cli/bin/mall.js"));

/** The eight processes of the split placement, each one a real one; as often as there are replicas. */
export interface SplitMall {
  /** The apis of the first replica. */
  readonly urls: ApiUrls;
  /** The apis of each replica. */
  readonly replicas: readonly ApiUrls[];
  /** Of all processes: `pay.rpc`, and `pay.rpc.2` of the second replica. */
  readonly names: readonly string[];
  /** `host:port` of a service's rpc process in the first replica. */
  rpcAddress(service: string): string;
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
  addInstance(service: string): Promise<RpcInstance>;
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

export interface SplitOptions {
  /** A DSN; SQLite in a folder of its own without it. */
  readonly dataSource?: string | undefined;
  /**
   * `host:port` of the Redis that rows are cached in. Without it a mall on MySQL has one of its own, as in production,
   * where one is installed, and a mall on SQLite caches no rows.
   */
  readonly cacheRedis?: string | undefined;
  /** How many processes there are of each kind; one of each without it. They find each other's rpc processes. */
  readonly replicas?: number;
  /** What the processes of a replica, from 1, reach the database and Redis by, where that is a way of its own. */
  readonly servers?: (replica: number) => Servers;
  /** `host:port` of the etcd where the processes find each other; without it they know their ports. */
  readonly etcd?: string | undefined;
  /** Further blocks of a process's file, by its kind (`pay.rpc`); they may say where its replica's apis are. */
  readonly blocks?: (kind: string, urls: ApiUrls) => object;
}

/**
 * Starts the processes with the seed's YAML files, adapted to free ports, a test's database and Redis, and a
 * test's etcd or Endpoints on loopback.
 */
export async function startSplitMall(options: SplitOptions): Promise<SplitMall> {
  const { replicas = 1, etcd, blocks } = options;
  const folder = mkdtempSync(join(tmpdir(), "mall-split-"));
  const dataSource = options.dataSource ?? `sqlite:${join(folder, "mall.db")}`;
  const ownRedis = needsRedis(options) ? await startRedis() : undefined;
  const cacheRedis = options.cacheRedis ?? ownRedis?.host;
  const servers = options.servers ?? ((): Servers => ({ dataSource, cacheRedis }));
  const places = await choosePlaces(replicas);
  const processes = new Processes({ folder, places, servers, etcd, blocks });
  await run(["migrate", "--data-source", dataSource]);
  for (const layer of ["rpc", "api"] as const) {
    await processes.startAll(places.filter((place) => place.layer === layer));
  }
  const named = (name: string): Place => {
    const place = places.find((each) => each.name === name);
    if (place === undefined) throw new Error(`there is no process ${name}`);
    return place;
  };
  return {
    urls: urlsOf(places, 1),
    replicas: Array.from({ length: replicas }, (_, index) => urlsOf(places, index + 1)),
    names: places.map(({ name }) => name),
    rpcAddress: (service) => addressOf(places, { service, layer: "rpc", replica: 1 }),
    kill: async (name) => {
      await processes.end(name, "SIGKILL");
    },
    terminate: (name) => processes.end(name, "SIGTERM"),
    start: (name) => processes.start(named(name)),
    freeze: (name) => freezeProcess(processes.requiredPid(name)),
    thaw: (name) => thawProcess(processes.requiredPid(name)),
    pid: (name) => processes.pid(name),
    killAndRestart: async (name) => {
      await processes.end(name, "SIGKILL");
      await processes.start(named(name));
    },
    addInstance: async (service) => {
      const port = await freePort();
      const address = `127.0.0.1:${port}`;
      await processes.start({ name: address, service, layer: "rpc", replica: 1, port });
      return {
        address,
        kill: async () => {
          await processes.end(address, "SIGKILL");
        },
      };
    },
    printed: processes.printed,
    stop: async () => {
      await processes.endAll("SIGTERM");
      await ownRedis?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function needsRedis({ dataSource = "sqlite:", cacheRedis, servers }: SplitOptions): boolean {
  const isGiven = cacheRedis !== undefined || servers !== undefined;
  return !isGiven && !dataSource.startsWith("sqlite:") && whyNoRedis() === undefined;
}

/** The processes that run, by name. */
class Processes {
  readonly printed = new Map<string, string>();
  readonly #options: ConfigOptions;
  readonly #children = new Map<string, ChildProcess>();

  constructor(options: ConfigOptions) {
    this.#options = options;
  }

  async start(place: Place): Promise<void> {
    const { name, service, layer } = place;
    const kind = `${service}.${layer}`;
    const file = writeConfig(place, this.#options);
    const child = spawn(process.execPath, [...FLAGS, CLI, "serve", kind, "-f", file], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#children.set(name, child);
    const listen = (text: string): void => {
      this.printed.set(name, (this.printed.get(name) ?? "") + text);
    };
    child.stdout?.setEncoding("utf8").on("data", listen);
    child.stderr?.setEncoding("utf8").on("data", listen);
    await untilReady(child, kind);
  }

  async startAll(places: readonly Place[]): Promise<void> {
    const starts = await Promise.allSettled(places.map((place) => this.start(place)));
    const failed = starts.find(({ status }) => status === "rejected");
    if (failed?.status !== "rejected") return;
    // They would keep the test's process alive.
    await this.endAll("SIGKILL");
    throw failed.reason;
  }

  /** Resolves with the exit code, null where a signal ended it. */
  async end(name: string, signal: "SIGKILL" | "SIGTERM"): Promise<number | null> {
    const child = this.#children.get(name);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
      return child?.exitCode ?? null;
    }
    // Not "exit": what was printed last may still be on its way.
    const ended = once(child, "close");
    child.kill(signal);
    await ended;
    return child.exitCode;
  }

  async endAll(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    await Promise.all([...this.#children.keys()].map((name) => this.end(name, signal)));
  }

  pid(name: string): number | undefined {
    const child = this.#children.get(name);
    return child?.exitCode === null && child.signalCode === null ? child.pid : undefined;
  }

  requiredPid(name: string): number {
    const pid = this.pid(name);
    if (pid === undefined) throw new Error(`${name} does not run`);
    return pid;
  }
}

function untilReady(child: ChildProcess, kind: string): Promise<void> {
  return new Promise((resolvePromise, reject) => {
    let said = "";
    const listen = (text: string): void => {
      said += text;
      if (said.includes(`${kind} is ready`)) resolvePromise();
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.once("exit", (code) => reject(new Error(`${kind} ended with ${code}: ${said}`)));
  });
}

async function run(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ["ignore", "ignore", "inherit"] });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`mall ${args[0]} ended with ${code}`);
}
