import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { databasePathIn } from "../../cli/all-in-one/data-dir.ts";
import { testConfig } from "./mall.ts";

const CLI = resolve(import.meta.dirname, "../../cli/main.ts");

/** An all-in-one mall in an operating-system process of its own. */
export interface SpawnedMall {
  /** Base URL of the gateway; another one after each start. */
  readonly url: string;
  /** Of its database. */
  readonly dataSource: string;
  /** What it has written since its last start, logs included. */
  readonly output: string;
  /** Its process's id. */
  readonly pid: number;
  /** Asks it to end, as an operator does; resolves with the exit code, null where a signal ended it. */
  terminate(): Promise<number | null>;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  /** Starts it again on the same data. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface SpawnOptions {
  readonly dataSource?: string;
  readonly cacheRedis?: string | undefined;
  readonly logLevel?: "debug" | "severe";
  /** Further keys of its configuration. */
  readonly blocks?: object;
}

/** Starts `mall up` on free ports; on SQLite in a folder of its own unless a DSN is given. */
export async function spawnMall(options: SpawnOptions = {}): Promise<SpawnedMall> {
  const folder = mkdtempSync(join(tmpdir(), "mall-spawned-"));
  const file = join(folder, "mall.yaml");
  const log = { Level: options.logLevel ?? "severe" };
  writeFileSync(file, stringify({ ...testConfig(folder, options), Log: log }));
  let running = await startUp(file);
  return {
    get url() {
      return running.url;
    },
    dataSource: options.dataSource ?? `sqlite:${databasePathIn(folder)}`,
    get output() {
      return running.output();
    },
    get pid() {
      return running.child.pid ?? 0;
    },
    terminate: () => end(running.child, "SIGTERM"),
    kill: async () => {
      await end(running.child, "SIGKILL");
    },
    start: async () => {
      running = await startUp(file);
    },
    stop: async () => {
      await end(running.child, "SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
  output(): string;
}

function startUp(file: string): Promise<Running> {
  const child = spawn(process.execPath, [CLI, "up", "-f", file], { stdio: ["ignore", "pipe", "pipe"] });
  return new Promise((resolvePromise, reject) => {
    let said = "";
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      const url = /docs\s+(http:\S+)\/docs/.exec(said)?.[1];
      if (url !== undefined) resolvePromise({ child, url, output: () => said });
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.once("exit", (code) => reject(new Error(`mall up ended with ${code}: ${said}`)));
  });
}

async function end(child: ChildProcess, signal: "SIGKILL" | "SIGTERM"): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
  return child.exitCode;
}
