import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { systemRuntime } from "@mall/kit/runtime";
import type { Database } from "@mall/kit/store";
import { findProgram } from "./find-program.ts";
import { freePort } from "./free-ports.ts";
import { GuardedServer, type ServerCommand, startOrStop } from "./guarded-server.ts";

const USER = "mall";

/** A start of a server: the first on its data, or a later one, with these words. */
export interface ServerStart {
  readonly isFirst: boolean;
  readonly words: readonly string[];
}

/** How a server is made. */
export interface MariadbOptions {
  /** The path of `mariadbd`. */
  readonly binary: string;
  /** A free one by default. */
  readonly port?: number;
  /** Of the user `mall`; a random one by default. */
  readonly password?: string;
  /** Options of `mariadbd` beside the usual ones. */
  readonly more?: readonly string[];
  /** Its time zone; this machine's by default. */
  readonly zone?: string;
}

/** A MariaDB server with a data folder and a port of its own that ends with this process. */
export class MariadbProcess extends GuardedServer {
  readonly #binary: string;
  readonly #port: number;
  readonly #password: string;
  readonly #more: readonly string[];
  readonly #environment: NodeJS.ProcessEnv;
  #isMade = false;

  protected constructor({ binary, port, password, more, zone }: MariadbOptions & { readonly port: number }) {
    super("mariadb");
    this.#binary = binary;
    this.#port = port;
    this.#password = password ?? randomBytes(12).toString("hex");
    this.#more = more ?? [];
    this.#environment = zone === undefined ? {} : { TZ: zone };
  }

  /** Makes a data folder and starts a server on it. */
  static async start(options: MariadbOptions): Promise<MariadbProcess> {
    return startOrStop(new MariadbProcess({ ...options, port: options.port ?? (await freePort()) }));
  }

  /** The DSN of one of the server's databases. */
  dataSource(database: string): string {
    return `${USER}:${this.#password}@tcp(127.0.0.1:${this.#port})/${database}`;
  }

  protected async serverCommand(): Promise<ServerCommand> {
    const isFirst = !this.#isMade;
    if (isFirst) await this.makeData();
    this.#isMade = true;
    const words = [this.#binary, ...this.#options(isFirst)];
    return {
      words: [...words, ...(await this.optionsAtStart({ isFirst, words }))],
      environment: this.#environment,
      isReady: async () => {
        const { openDatabase } = await import("@mall/kit/store");
        const database = await openDatabase({ dataSource: this.dataSource("mysql"), runtime: systemRuntime });
        try {
          return await this.isServing(database);
        } finally {
          await database.close();
        }
      },
    };
  }

  /** Options of one start alone, beside `words`. */
  protected async optionsAtStart(_start: ServerStart): Promise<readonly string[]> {
    return [];
  }

  /** Whether a server that answers is ready. */
  protected async isServing(_database: Database): Promise<boolean> {
    return true;
  }

  /** Makes the data that the first start is on. */
  protected async makeData(): Promise<void> {
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

  /** The first start makes the user: the others of a cluster have it from there. */
  #options(isFirst: boolean): string[] {
    return [
      "--no-defaults",
      ...this.#folderOptions(),
      `--socket=${this.#path("socket")}`,
      `--pid-file=${this.#path("mariadb.pid")}`,
      ...(isFirst && existsSync(this.#path("init.sql")) ? [`--init-file=${this.#path("init.sql")}`] : []),
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

/** The server refuses to run as root without this flag. */
function asRoot(): string[] {
  return process.getuid?.() === 0 ? ["--user=root"] : [];
}
