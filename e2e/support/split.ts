import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import type { ApiUrls } from "./people.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const CLI = join(ROOT, "cli/main.ts");
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
  stop(): Promise<void>;
}

interface Ports {
  readonly api: number;
  readonly rpc: number;
}

/**
 * Starts the eight processes with the seed's YAML files, adapted to free ports, a test's database and
 * Endpoints on loopback.
 */
export async function startSplitMall(options: { dataSource: string | undefined }): Promise<SplitMall> {
  const folder = mkdtempSync(join(tmpdir(), "mall-split-"));
  const dataSource = options.dataSource ?? `sqlite:${join(folder, "mall.db")}`;
  const ports = await choosePorts();
  const files = writeConfigs({ folder, dataSource, ports });
  await run(["migrate", "--data-source", dataSource]);
  const children = new Map<string, ChildProcess>();
  for (const layer of ["rpc", "api"] as const) {
    const names = SERVICES.map((service) => `${service}.${layer}`);
    const started = await Promise.all(names.map((name) => startProcess(name, files)));
    for (const [index, name] of names.entries()) {
      const child = started[index];
      if (child !== undefined) children.set(name, child);
    }
  }
  return {
    urls: urlsOf(ports),
    rpcAddress: (service) => `127.0.0.1:${ports[service].rpc}`,
    terminate: (name) => end(children.get(name), "SIGTERM"),
    killAndRestart: async (name) => {
      await end(children.get(name), "SIGKILL");
      children.set(name, await startProcess(name, files));
    },
    stop: async () => {
      await Promise.all([...children.values()].map((child) => end(child, "SIGTERM")));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function choosePorts(): Promise<Record<Service, Ports>> {
  const entries: [Service, Ports][] = [];
  for (const service of SERVICES) entries.push([service, { api: await freePort(), rpc: await freePort() }]);
  return Object.fromEntries(entries) as Record<Service, Ports>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

interface ConfigOptions {
  readonly folder: string;
  readonly dataSource: string;
  readonly ports: Record<Service, Ports>;
}

function writeConfigs({ folder, dataSource, ports }: ConfigOptions): Map<string, string> {
  const files = new Map<string, string>();
  const neighbours = Object.fromEntries(
    SERVICES.map((service) => [neighbourKey(service), { Endpoints: [`127.0.0.1:${ports[service].rpc}`] }]),
  );
  for (const service of SERVICES) {
    for (const layer of ["api", "rpc"] as const) {
      const seed: object = parse(
        readFileSync(join(ROOT, `services/${service}/${layer}/etc/${service}.yaml`), "utf8"),
      );
      const own =
        layer === "api"
          ? { Host: "127.0.0.1", Port: ports[service].api }
          : { ListenOn: `127.0.0.1:${ports[service].rpc}` };
      const path = join(folder, `${service}.${layer}.yaml`);
      writeFileSync(path, stringify({ ...seed, ...own, ...neighbours, Mysql: { DataSource: dataSource } }));
      files.set(`${service}.${layer}`, path);
    }
  }
  return files;
}

function neighbourKey(service: Service): string {
  return `${service.charAt(0).toUpperCase()}${service.slice(1)}Rpc`;
}

function urlsOf(ports: Record<Service, Ports>): ApiUrls {
  const url = (service: Service): string => `http://127.0.0.1:${ports[service].api}`;
  return { user: url("user"), product: url("product"), order: url("order"), pay: url("pay") };
}

async function startProcess(name: string, files: Map<string, string>): Promise<ChildProcess> {
  const child = spawn(process.execPath, [CLI, "serve", name, "-f", files.get(name) ?? ""], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  await untilReady(child, name);
  return child;
}

function untilReady(child: ChildProcess, name: string): Promise<void> {
  return new Promise((resolvePromise, reject) => {
    let said = "";
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      if (said.includes(`${name} is ready`)) resolvePromise();
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.once("exit", (code) => reject(new Error(`${name} ended with ${code}: ${said}`)));
  });
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
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
  return child.exitCode;
}
