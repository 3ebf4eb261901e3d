import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { systemRuntime } from "@mall/kit/context";
import { openDatabase } from "@mall/kit/store";

const USER = "mall";
const START_MS_MAX = 60_000;
const POLL_MS = 25;

/**
 * Ends the server when the standard input closes: whichever way the process that started it dies, neither
 * server nor data stay behind. The word `keep` ends it and keeps the data.
 */
const GUARD =
  '"$@" & server=$!; word=; read -r word; kill -9 $server; wait $server 2>/dev/null; ' +
  '[ "$word" = keep ] || rm -rf "$MALL_DATA_FOLDER"';

/** A MariaDB server with a data folder and a port of its own, alive no longer than this process. */
export class MariadbProcess {
  readonly #binary: string;
  readonly #folder: string;
  readonly #port: number;
  readonly #password = randomBytes(12).toString("hex");
  #guard: ChildProcess | undefined;

  private constructor(binary: string, folder: string, port: number) {
    this.#binary = binary;
    this.#folder = folder;
    this.#port = port;
  }

  /** Makes a data folder and starts a server on it. */
  static async start(binary: string): Promise<MariadbProcess> {
    const folder = mkdtempSync(join(tmpdir(), "mall-mariadb-"));
    const server = new MariadbProcess(binary, folder, await freePort());
    try {
      await server.#initialise();
      await server.restart();
      return server;
    } catch (error) {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** The DSN of one of the server's databases. */
  dataSource(database: string): string {
    return `${USER}:${this.#password}@tcp(127.0.0.1:${this.#port})/${database}`;
  }

  /** Ends the server as a crash would. */
  async kill(): Promise<void> {
    await this.#end("keep\n");
  }

  /** Starts the server again on the same data and port, and waits until it answers. */
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
    await this.#waitUntilReady();
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

  async #initialise(): Promise<void> {
    const sql = [
      `CREATE USER IF NOT EXISTS '${USER}'@'%' IDENTIFIED BY '${this.#password}';`,
      `GRANT ALL ON *.* TO '${USER}'@'%';`,
    ];
    writeFileSync(join(this.#folder, "init.sql"), `${sql.join("\n")}\n`, { mode: 0o600 });
    await promisify(execFile)("mariadb-install-db", [
      "--no-defaults",
      ...this.#folderOptions(),
      "--auth-root-authentication-method=normal",
      "--skip-test-db",
      ...asRoot(),
    ]);
  }

  #serverOptions(): string[] {
    return [
      "--no-defaults",
      ...this.#folderOptions(),
      `--socket=${join(this.#folder, "socket")}`,
      `--pid-file=${join(this.#folder, "pid")}`,
      `--log-error=${join(this.#folder, "error.log")}`,
      `--init-file=${join(this.#folder, "init.sql")}`,
      "--bind-address=127.0.0.1",
      `--port=${this.#port}`,
      "--character-set-server=utf8mb4",
      "--innodb-buffer-pool-size=64M",
      "--innodb-flush-log-at-trx-commit=1",
      "--max-connections=500",
      "--skip-log-bin",
      ...asRoot(),
    ];
  }

  /** Servers that share a folder for temporary tables remove each other's. */
  #folderOptions(): string[] {
    return [`--datadir=${join(this.#folder, "data")}`, `--tmpdir=${this.#folder}`];
  }

  async #waitUntilReady(): Promise<void> {
    const deadline = Date.now() + START_MS_MAX;
    for (;;) {
      try {
        const database = await openDatabase({ dataSource: this.dataSource("mysql"), runtime: systemRuntime });
        await database.close();
        return;
      } catch (error) {
        if (Date.now() > deadline)
          throw new Error(`MariaDB did not start:\n${this.#log()}`, { cause: error });
      }
      await sleep(POLL_MS);
    }
  }

  #pid(): number {
    return Number(readFileSync(join(this.#folder, "pid"), "utf8"));
  }

  #log(): string {
    const path = join(this.#folder, "error.log");
    return existsSync(path) ? readFileSync(path, "utf8").slice(-2000) : "no log was written";
  }
}

/** Where the server's binary is, or undefined. */
export function findMariadb(): string | undefined {
  const folders = [
    ...(process.env.PATH ?? "").split(delimiter),
    "/usr/sbin",
    "/usr/local/sbin",
    "/usr/libexec",
  ];
  return folders.map((folder) => join(folder, "mariadbd")).find((path) => existsSync(path));
}

/** The server refuses to run as root unless told to. */
function asRoot(): string[] {
  return process.getuid?.() === 0 ? ["--user=root"] : [];
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
