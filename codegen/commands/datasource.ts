import { existsSync } from "node:fs";
import { join } from "node:path";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import { CommandError } from "./command-error.ts";
import { putFiles } from "./put-files.ts";
import { described } from "./run-layer-command.ts";

/** What is read of a server. */
export interface DatabaseSource {
  /** go-zero's form: `user:password@tcp(host:port)/database`, its parameters left alone. */
  readonly url: string;
  /** Names, which may hold `*`; several with commas between them. */
  readonly tables: readonly string[];
  /** Where the contract goes. */
  readonly dir: string;
}

const DSN = /^([^:@]*)(?::(.*))?@(?:tcp\(([^:)]+)(?::(\d+))?\)|unix\((.+)\))\/([A-Za-z0-9_$-]+)(?:\?.*)?$/;

/**
 * Writes the CREATE TABLEs of a database into one contract, called after it.
 *
 * @returns the path of the contract.
 * @throws CommandError where the server does not answer or has no such tables, or the contract is there already.
 */
export async function readDatabase({ url, tables, dir }: DatabaseSource): Promise<string> {
  const server = parseUrl(url);
  const statements = await readTables(server, tables).catch((error: unknown) => {
    if (error instanceof CommandError) throw error;
    // The message of a driver may hold what it was given.
    throw new CommandError(`--url: the server does not answer (${codeOf(error)})`, error);
  });
  const path = join(dir, `${server.database}.sql`);
  if (existsSync(path))
    throw new CommandError(
      `${path}: there is one; remove it, and its migrations, to read the tables anew`,
      undefined,
    );
  const content = statements.map((text) => `${text};\n`).join("\n");
  await described(path, () => putFiles(dir, [{ path, content }]));
  return path;
}

interface Server {
  readonly user: string;
  readonly password: string;
  readonly host?: string;
  readonly port?: number;
  readonly socketPath?: string;
  readonly database: string;
}

function parseUrl(url: string): Server {
  const [, user = "", password = "", host, port = "3306", socketPath, database] = DSN.exec(url) ?? [];
  if (database === undefined)
    throw new CommandError("--url: expected user:password@tcp(host:port)/database", undefined);
  const place = socketPath === undefined ? { host: host ?? "", port: Number(port) } : { socketPath };
  return { user, password, database, ...place };
}

async function readTables(server: Server, patterns: readonly string[]): Promise<string[]> {
  const connection = await createConnection({ ...server, connectTimeout: 10_000 });
  try {
    const [rows] = await connection.query<RowDataPacket[]>(
      "SHOW FULL TABLES WHERE Table_type = 'BASE TABLE'",
    );
    const names = rows.map((row) => String(Object.values(row)[0]));
    const wanted = names.filter((name) => matches(name, patterns));
    if (wanted.length === 0) {
      const there = names.length === 0 ? "has none" : `has ${names.join(", ")}`;
      throw new CommandError(
        `--table: no table ${patterns.join(", ")}; ${server.database} ${there}`,
        undefined,
      );
    }
    const statements: string[] = [];
    for (const name of wanted) {
      const [created] = await connection.query<RowDataPacket[]>("SHOW CREATE TABLE ??", [name]);
      // How far its numbers are is the database's own, and changes.
      statements.push(String(created[0]?.["Create Table"]).replace(/ AUTO_INCREMENT=\d+(?= |$)/, ""));
    }
    return statements;
  } finally {
    await connection.end();
  }
}

function matches(name: string, patterns: readonly string[]): boolean {
  const words = patterns.flatMap((pattern) => pattern.split(",")).map((word) => word.trim());
  return words.some((word) => {
    const parts = word.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${parts.join(".*")}$`).test(name);
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "no code";
}
