import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const START_MS_MAX = 30_000;
const POLL_MS = 10;

/**
 * Ends the server when the standard input closes: whichever way the process that started it dies, neither
 * server nor data stay behind. The word `keep` ends it and keeps the data.
 */
const GUARD =
  '"$@" >"$MALL_DATA_FOLDER/log" 2>&1 & server=$!; echo $server >"$MALL_DATA_FOLDER/pid"; word=; read -r word; ' +
  'kill -9 $server; wait $server 2>/dev/null; [ "$word" = keep ] || rm -rf "$MALL_DATA_FOLDER"';

/** A Redis server with a data folder and a port of its own, alive no longer than this process. */
export class RedisProcess {
  readonly #binary: string;
  readonly #folder = mkdtempSync(join(tmpdir(), "mall-redis-"));
  readonly #port: number;
  readonly #options: readonly string[];
  #guard: ChildProcess | undefined;

  private constructor(binary: string, port: number, options: readonly string[]) {
    this.#binary = binary;
    this.#port = port;
    this.#options = options;
  }

  /** Starts an empty server; `options` are further ones of its command line. */
  static async start(binary: string, options: readonly string[]): Promise<RedisProcess> {
    const server = new RedisProcess(binary, await freePort(), options);
    try {
      await server.restart();
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  /** `host:port` that clients connect to. */
  get host(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** Ends the server as a crash would. */
  async kill(): Promise<void> {
    await this.#end("keep\n");
  }

  /** Starts the server again on its data folder and port, and waits until it answers. */
  async restart(): Promise<void> {
    const guard = spawn("sh", ["-c", GUARD, "sh", this.#binary, ...this.#serverOptions()], {
      detached: true,
      env: { ...process.env, MALL_DATA_FOLDER: this.#folder },
      stdio: ["pipe", "ignore", "ignore"],
    });
    this.#guard = guard;
    // The guard must not keep this process alive; its input closes when the process ends.
    guard.unref();
    if (guard.stdin !== null && "unref" in guard.stdin && typeof guard.stdin.unref === "function") {
      guard.stdin.unref();
    }
    const deadline = Date.now() + START_MS_MAX;
    while (!(await answers(this.#port))) {
      if (Date.now() > deadline) throw new Error(`Redis did not start:\n${this.#log()}`);
      await sleep(POLL_MS);
    }
  }

  /** Sends a command of words without spaces; rejects with what Redis says if that is an error. */
  async command(...words: readonly string[]): Promise<void> {
    const answer = await ask(this.#port, words.join(" "));
    if (answer.startsWith("-")) throw new Error(`${words.join(" ")}: ${answer.trim()}`);
  }

  /** Stops it in the middle of whatever it does: connections stay, answers do not come. */
  freeze(): void {
    process.kill(this.#pid(), "SIGSTOP");
  }

  /** Lets it go on. */
  thaw(): void {
    process.kill(this.#pid(), "SIGCONT");
  }

  /** Ends the server and removes its data. */
  async stop(): Promise<void> {
    await this.#end("");
    rmSync(this.#folder, { recursive: true, force: true });
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

  #serverOptions(): string[] {
    return [
      `--port ${this.#port}`,
      "--bind 127.0.0.1",
      `--dir ${this.#folder}`,
      "--appendonly no",
      '--save ""',
      ...this.#options,
    ];
  }

  #pid(): number {
    return Number(readFileSync(join(this.#folder, "pid"), "utf8"));
  }

  #log(): string {
    const path = join(this.#folder, "log");
    return existsSync(path) ? readFileSync(path, "utf8").slice(-2000) : "no log was written";
  }
}

/** A connection is not enough: while it loads its data the server refuses commands. */
async function answers(port: number): Promise<boolean> {
  const answer = await ask(port, "PING").catch(() => "");
  return /^(\+PONG|-NOAUTH)/.test(answer);
}

/** The first of what Redis answers to a line. */
function ask(port: number, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(`${line}\r\n`));
    socket.once("data", (answer) => {
      socket.destroy();
      resolve(answer.toString());
    });
    socket.once("error", reject);
  });
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
