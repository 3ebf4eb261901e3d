import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { systemRuntime } from "@mall/kit/context";
import { openDatabase } from "@mall/kit/store";
import { findProgram } from "./find-program.ts";
import { freePort } from "./free-ports.ts";
import { GuardedServer, type ServerCommand, startOrStop } from "./guarded-server.ts";

const USER = "mall";

/** A MariaDB server with a data folder and a port of its own, alive no longer than this process. */
export class MariadbProcess extends GuardedServer {
  readonly #binary: string;
  readonly #port: number;
  readonly #password = randomBytes(12).toString("hex");
  readonly #more: readonly string[];
  readonly #environment: NodeJS.ProcessEnv;
  #isMade = false;

  private constructor(
    binary: string,
    port: number,
    { more, environment }: { more: readonly string[]; environment: NodeJS.ProcessEnv },
  ) {
    super("mariadb");
    this.#binary = binary;
    this.#port = port;
    this.#more = more;
    this.#environment = environment;
  }

  /** Makes a data folder and starts a server on it; `more` are options beside the usual ones. */
  static async start(binary: string, more: readonly string[] = [], zone?: string): Promise<MariadbProcess> {
    const environment = zone === undefined ? {} : { TZ: zone };
    return startOrStop(new MariadbProcess(binary, await freePort(), { more, environment }));
  }

  /** The DSN of one of the server's databases. */
  dataSource(database: string): string {
    return `${USER}:${this.#password}@tcp(127.0.0.1:${this.#port})/${database}`;
  }

  protected async serverCommand(): Promise<ServerCommand> {
    if (!this.#isMade) await this.#makeData();
    this.#isMade = true;
    return {
      words: [this.#binary, ...this.#options()],
      environment: this.#environment,
      isReady: async () => {
        const database = await openDatabase({ dataSource: this.dataSource("mysql"), runtime: systemRuntime });
        await database.close();
        return true;
      },
    };
  }

  async #makeData(): Promise<void> {
    const sql = [
      `CREATE USER IF NOT EXISTS '${USER}'@'%' IDENTIFIED BY '${this.#password}';`,
      `GRANT ALL ON *.* TO '${USER}'@'%' WITH GRANT OPTION;`,
    ];
    writeFileSync(this.#path("init.sql"), `${sql.join("\n")}\n`, { mode: 0o600 });
    await promisify(execFile)("mariadb-install-db", [
      "--no-defaults",
      ...this.#folderOptions(),
      "--auth-root-authentication-method=normal",
      "--skip-test-db",
      ...asRoot(),
    ]);
  }

  #options(): string[] {
    return [
      "--no-defaults",
      ...this.#folderOptions(),
      `--socket=${this.#path("socket")}`,
      `--pid-file=${this.#path("mariadb.pid")}`,
      `--init-file=${this.#path("init.sql")}`,
      "--bind-address=127.0.0.1",
      `--port=${this.#port}`,
      "--character-set-server=utf8mb4",
      "--innodb-buffer-pool-size=64M",
      "--innodb-flush-log-at-trx-commit=1",
      "--max-connections=500",
      "--skip-log-bin",
      ...asRoot(),
      ...this.#more,
    ];
  }

  /** Servers that share a folder for temporary tables remove each other's. */
  #folderOptions(): string[] {
    return [`--datadir=${this.#path("data")}`, `--tmpdir=${this.folder}`];
  }

  #path(name: string): string {
    return join(this.folder, name);
  }
}

/** Where the server's binary is, or undefined. */
export function findMariadb(): string | undefined {
  return findProgram("mariadbd");
}

/** The server refuses to run as root unless told to. */
function asRoot(): string[] {
  return process.getuid?.() === 0 ? ["--user=root"] : [];
}
