import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const START_MS_MAX = 30_000;
const POLL_MS = 20;

/**
 * Ends the server when the standard input closes: whichever way the process that started it dies, neither
 * server nor data stay behind. The word `keep` ends it and keeps the data.
 */
const GUARD =
  'cd "$MALL_DATA_FOLDER" && "$@" >log 2>&1 & server=$!; word=; read -r word; ' +
  'kill -9 $server; wait $server 2>/dev/null; [ "$word" = keep ] || rm -rf "$MALL_DATA_FOLDER"';

/** A DTM server with a data folder (driver boltdb) and ports of its own, alive no longer than this process. */
export class DtmProcess {
  readonly #binary: string;
  readonly #folder = mkdtempSync(join(tmpdir(), "mall-dtm-"));
  readonly #grpcPort: number;
  readonly #httpPort: number;
  #guard: ChildProcess | undefined;

  private constructor(binary: string, ports: { readonly grpc: number; readonly http: number }) {
    this.#binary = binary;
    this.#grpcPort = ports.grpc;
    this.#httpPort = ports.http;
  }

  /** Starts a server without transactions. */
  static async start(binary: string): Promise<DtmProcess> {
    const server = new DtmProcess(binary, { grpc: await freePort(), http: await freePort() });
    try {
      await server.restart();
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  /** `host:port` of its gRPC API. */
  get address(): string {
    return `127.0.0.1:${this.#grpcPort}`;
  }

  /** The status of a transaction; undefined where there is none with this gid. */
  async statusOf(gid: string): Promise<string | undefined> {
    const response = await fetch(`${this.#base}/query?gid=${encodeURIComponent(gid)}`);
    const { transaction } = (await response.json()) as { transaction?: { status?: string } | null };
    return transaction?.status;
  }

  /** The gids of transactions that have succeeded, a thousand at most. */
  async succeeded(): Promise<string[]> {
    const response = await fetch(`${this.#base}/all?limit=1000`);
    const { transactions } = (await response.json()) as { transactions: { gid: string; status: string }[] };
    return transactions.filter(({ status }) => status === "succeed").map(({ gid }) => gid);
  }

  /** Ends the server as a crash would. */
  async kill(): Promise<void> {
    await this.#end("keep\n");
  }

  /** Starts the server again on its data folder and ports, and waits until it answers. */
  async restart(): Promise<void> {
    const guard = spawn("sh", ["-c", GUARD, "sh", this.#binary], {
      detached: true,
      env: {
        ...process.env,
        MALL_DATA_FOLDER: this.#folder,
        STORE_DRIVER: "boltdb",
        GRPC_PORT: String(this.#grpcPort),
        HTTP_PORT: String(this.#httpPort),
        // As often as it can look for what is due.
        TRANS_CRON_INTERVAL: "1",
      },
      stdio: ["pipe", "ignore", "ignore"],
    });
    this.#guard = guard;
    // The guard must not keep this process alive; its input closes when the process ends.
    guard.unref();
    if (guard.stdin !== null && "unref" in guard.stdin && typeof guard.stdin.unref === "function") {
      guard.stdin.unref();
    }
    const deadline = Date.now() + START_MS_MAX;
    while (!(await answers(`${this.#base}/ping`))) {
      if (Date.now() > deadline) throw new Error(`DTM did not start:\n${this.#log()}`);
      await sleep(POLL_MS);
    }
  }

  /** Ends the server and removes its data. */
  async stop(): Promise<void> {
    await this.#end("");
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #base(): string {
    return `http://127.0.0.1:${this.#httpPort}/api/dtmsvr`;
  }

  async #end(word: string): Promise<void> {
    const guard = this.#guard;
    if (guard === undefined) return;
    this.#guard = undefined;
    guard.ref();
    const exited = once(guard, "exit");
    guard.stdin?.end(word);
    await exited;
  }

  #log(): string {
    const path = join(this.#folder, "log");
    return existsSync(path) ? readFileSync(path, "utf8").slice(-2000) : "no log was written";
  }
}

async function answers(url: string): Promise<boolean> {
  const response = await fetch(url).catch(() => undefined);
  await response?.body?.cancel();
  return response !== undefined;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
