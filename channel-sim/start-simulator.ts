import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createNetworkTransport, type HttpTransport } from "@mall/kit/http";
import type { Logger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";
import { openDatabase } from "@mall/kit/store";
import { type SimServer, serveHttp } from "./core/serve-http.ts";
import { openSimStore } from "./core/sim-store.ts";
import { ensureCredentials } from "./credentials/ensure-credentials.ts";
import { makePlatformKey } from "./credentials/make-wechat.ts";
import { createChannelSimulator } from "./simulator.ts";

/** Where a simulator runs. */
export interface StartSimulatorOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** What sets the port, for the message that it is taken; `port` by default. */
  readonly portKey?: string;
  /** Folder of its records and credentials; made if missing. */
  readonly dataDir: string;
  /** Address that buyers reach it at; empty: where it listens. */
  readonly publicUrl: string;
  /** Divides the waits that it makes up; 1 is the channels' own pace. */
  readonly speed: number;
  readonly runtime: Runtime;
  readonly log: Logger;
  /** Carries notifications to merchants; the network by default. */
  readonly http?: HttpTransport | undefined;
}

/** A simulator that serves. */
export interface RunningSimulator {
  readonly url: string;
  /** The folder with what a merchant has in hand. */
  readonly merchantDir: string;
  stop(): Promise<void>;
}

/**
 * Starts a simulator on a port of its own, with its records and credentials in files.
 *
 * @throws AppError FAILED_PRECONDITION with one line that says what to do
 */
export async function startSimulator(options: StartSimulatorOptions): Promise<RunningSimulator> {
  const { host, port, portKey = "port", dataDir, runtime, log } = options;
  mkdirSync(dataDir, { recursive: true });
  const { accounts, merchantDir } = await ensureCredentials(dataDir, runtime);
  const database = await openDatabase({ dataSource: `sqlite:${join(dataDir, "simulator.db")}`, runtime });
  let server: SimServer | undefined;
  const simulator = createChannelSimulator({
    accounts,
    store: await openSimStore(database),
    runtime,
    http: options.http ?? createNetworkTransport({ runtime }),
    log,
    publicUrl: () => options.publicUrl || (server?.url ?? ""),
    nextPlatformKey: async () => (await makePlatformKey(runtime)).key,
  });
  simulator.speed = options.speed;
  const close = async (): Promise<void> => {
    await server?.close();
    await simulator.close();
    await database.close();
  };
  try {
    server = await serveHttp({ host, port, portKey, log, answer: (request) => simulator.answer(request) });
    await simulator.start();
    return { url: server.url, merchantDir, stop: close };
  } catch (error) {
    await close();
    throw error;
  }
}
