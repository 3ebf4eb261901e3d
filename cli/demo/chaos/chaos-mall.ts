import { type ChildProcess, spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "@mall/kit/errors";
import { makeTemporaryFolder } from "../temporary-folder.ts";

const MAIN = join(import.meta.dirname, "../../main.ts");
const FREE_PORTS = { Api: 0, Rpc: 0 };
/** Enough of what a process said to see why it ended. */
const SAID_LENGTH_MAX = 2_000;

/** A whole mall in a process of its own, with the sandbox bank, that can be killed. */
export interface ChaosMall {
  readonly dataDir: string;
  /** Base URL of its gateway; another one after each start. */
  readonly url: string;
  /** Ends the process as `kill -9` does: nothing is finished, nothing is said. */
  kill(): Promise<void>;
  /** Starts a process on the data that the last one left. */
  start(): Promise<void>;
  /** Ends the process and takes the data away. */
  remove(): Promise<void>;
}

/** @throws AppError FAILED_PRECONDITION DEMO_FAILED where it does not start. */
export async function startChaosMall(): Promise<ChaosMall> {
  const folder = makeTemporaryFolder("mall-chaos-");
  const dataDir = join(folder, "data");
  const config = join(folder, "mall.yaml");
  // JSON is YAML.
  writeFileSync(config, JSON.stringify(configOf(dataDir)));
  let running: Running | undefined;
  const end = async (): Promise<void> => {
    running?.process.kill("SIGKILL");
    await running?.ended;
    running = undefined;
  };
  const endAtOnce = (): void => void running?.process.kill("SIGKILL");
  process.once("exit", endAtOnce);
  const mall = {
    dataDir,
    url: "",
    kill: end,
    start: async () => {
      running = spawnMall(config);
      mall.url = await running.url;
    },
    remove: async () => {
      await end();
      process.off("exit", endAtOnce);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await mall.start();
    return mall;
  } catch (error) {
    await mall.remove();
    throw error;
  }
}

function configOf(dataDir: string): object {
  return {
    // Here the demo's customer is a customer and no more.
    Mode: "pro",
    Sandbox: { Enabled: true },
    DataDir: dataDir,
    Port: 0,
    Log: { Level: "severe" },
    // What a killed process had taken up is taken over sooner than usual, for those who watch.
    Jobs: { Lease: "3s" },
    User: FREE_PORTS,
    Product: FREE_PORTS,
    Order: FREE_PORTS,
    Pay: FREE_PORTS,
  };
}

interface Running {
  readonly process: ChildProcess;
  readonly url: Promise<string>;
  readonly ended: Promise<void>;
}

function spawnMall(config: string): Running {
  const child = spawn(process.execPath, [MAIN, "up", "-f", config], { stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
  });
  let said = "";
  const url = new Promise<string>((resolve, reject) => {
    const listen = (text: string): void => {
      said = `${said}${text}`.slice(-SAID_LENGTH_MAX);
      const [, found] = /^ {2}gateway +(http\S+)\n/m.exec(said) ?? [];
      if (found !== undefined) resolve(found);
    };
    child.stdout.setEncoding("utf8").on("data", listen);
    child.stderr.setEncoding("utf8").on("data", listen);
    child.once("error", reject);
    child.once("close", () => {
      reject(new AppError("FAILED_PRECONDITION", "DEMO_FAILED", `demo: its mall ended: ${said.trim()}`));
    });
  });
  return { process: child, url, ended };
}
