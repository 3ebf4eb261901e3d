import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freezeProcess, thawProcess } from "./freeze-process.ts";

const START_MS_MAX = 60_000;
const POLL_MS = 10;

/**
 * Ends the server when standard input closes: however the process that started it dies, neither server nor data are
 * left behind. The word `keep` ends it and keeps the data.
 */
const GUARD =
  '"$@" >log 2>&1 & server=$!; echo $server >pid; word=; read -r word; ' +
  'kill -9 $server; wait $server 2>/dev/null; [ "$word" = keep ] || rm -rf "$MALL_DATA_FOLDER"';

/** How a server is started, every time. */
export interface ServerCommand {
  /** The program by its path, and its options. It runs in the server's folder. */
  readonly words: readonly string[];
  /** Beside those of this process. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Whether it answers; its failure is reported where it never does. */
  isReady(): Promise<boolean>;
}

/** A server for tests with a folder of its own that ends with this process. */
export abstract class GuardedServer {
  /** For its data; it goes away with the server. */
  readonly folder: string;
  readonly #name: string;
  #guard: ChildProcess | undefined;

  constructor(name: string) {
    this.#name = name;
    this.folder = mkdtempSync(join(tmpdir(), `mall-${name}-`));
  }

  /** How it is started on what its folder holds. */
  protected abstract serverCommand(): ServerCommand | Promise<ServerCommand>;

  /**
   * Starts it, for the first time or on the data it had, and waits until it is ready.
   *
   * @throws Error with the end of its log where that takes longer than a minute.
   */
  async restart(): Promise<void> {
    const command = await this.serverCommand();
    const guard = spawn("sh", ["-c", GUARD, "sh", ...command.words], {
      detached: true,
      cwd: this.folder,
      env: { ...process.env, ...command.environment, MALL_DATA_FOLDER: this.folder },
      stdio: ["pipe", "ignore", "ignore"],
    });
    this.#guard = guard;
    // The guard must not keep this process alive; its input closes when the process ends.
    guard.unref();
    if (guard.stdin !== null && "unref" in guard.stdin && typeof guard.stdin.unref === "function") {
      guard.stdin.unref();
    }
    await this.#waitUntil(command);
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    await this.#end("keep\n");
  }

  /** Freezes it in mid-work: connections stay open, but nothing answers. */
  freeze(): Promise<void> {
    return freezeProcess(this.#pid());
  }

  /** Resumes it. */
  thaw(): void {
    thawProcess(this.#pid());
  }

  /** Ends it and removes its folder. */
  async stop(): Promise<void> {
    await this.#end("");
    rmSync(this.folder, { recursive: true, force: true });
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

  async #waitUntil(command: ServerCommand): Promise<void> {
    const deadline = Date.now() + START_MS_MAX;
    let cause: unknown;
    while (!(await command.isReady().catch((error: unknown) => refused(error)))) {
      if (Date.now() > deadline) throw new Error(`${this.#name} did not start:\n${this.#log()}`, { cause });
      await sleep(POLL_MS);
    }
    function refused(error: unknown): false {
      cause = error;
      return false;
    }
  }

  #pid(): number {
    return Number(readFileSync(join(this.folder, "pid"), "utf8"));
  }

  #log(): string {
    const path = join(this.folder, "log");
    return existsSync(path) ? readFileSync(path, "utf8").slice(-2000) : "no log was written";
  }
}

/** Starts a server for the first time; cleans up after one that does not start. */
export async function startOrStop<Server extends GuardedServer>(server: Server): Promise<Server> {
  try {
    await server.restart();
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}
