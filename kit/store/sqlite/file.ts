import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Observer } from "@mall/kit/observe";
import { DatabaseBusyError, databaseUnusable, errorText } from "../store-errors.ts";
import { CHECKPOINT_PAGES, Checkpointer } from "./checkpointer.ts";
import { SqliteConnection } from "./connection.ts";
import { isOpeningRace } from "./errors.ts";

/**
 * The writer waits this long inside SQLite, which blocks the process; longer waits are retries between
 * which other work goes on.
 */
const BUSY_TIMEOUT_MS = 20;

/** Rights of files that hold people's mobiles and passwords. */
const OWNER_ONLY = 0o600;

/** SQLite's 2 MiB do not hold the inner pages of a few million rows. */
const CACHE_KIB = 16 * 1024;

/**
 * Where SQLite puts what it needs for a while. In a file, the pages that a savepoint may have to give back cost a
 * system call each, a tenth of a purchase's time; but what sorts the rows of an index may not fit into memory.
 */
export type TemporaryStore = "MEMORY" | "FILE";

/** Moves it there; outside of transactions. */
export function useTemporaryStore(connection: SqliteConnection, store: TemporaryStore): void {
  connection.exec(`PRAGMA temp_store = ${store}`);
}

/** A SQLite file opened for writing by one connection and for reading by another. */
export interface SqliteFile {
  readonly writer: SqliteConnection;
  readonly reader: SqliteConnection;
  /** A connection that reads for the caller alone, who closes it. */
  openReader(): SqliteConnection;
  /** To be called after each commit. */
  committed(): void;
  close(): Promise<void>;
}

/**
 * Opens a file in WAL mode, creating it and its folder where they are missing. `:memory:` is a private
 * temporary file that goes away when closed: two connections cannot share a memory database without
 * blocking each other.
 *
 * @throws AppError DATABASE_UNUSABLE naming the path and what to do; DatabaseBusyError while another
 * process creates the file.
 */
export function openSqliteFile(path: string, observer: Observer): SqliteFile {
  if (path !== ":memory:") return openFile(path, "FULL", observer);
  const folder = mkdtempSync(join(tmpdir(), `mall-memory-${process.pid}-`));
  const file = openFile(join(folder, "memory.db"), "OFF", observer);
  return {
    ...file,
    async close() {
      await file.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Makes a database its owner's alone, whatever the folder and the umask allow; SQLite gives the log beside it the same
 * rights. Where the file is somebody else's, so are its rights.
 */
function keepPrivate(path: string): void {
  closeSync(openSync(path, "a", OWNER_ONLY));
  for (const file of [path, `${path}-wal`, `${path}-shm`]) {
    try {
      chmodSync(file, OWNER_ONLY);
    } catch (error) {
      if (!hasCode(error, "ENOENT", "EPERM", "EROFS")) throw error;
    }
  }
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.some((code) => code === error.code);
}

function openFile(path: string, synchronous: "FULL" | "OFF", observer: Observer): SqliteFile {
  const opened: SqliteConnection[] = [];
  const close = (): void => {
    // The reader goes first: the last to leave folds the log into the file, and a reader may not write.
    for (const connection of opened.toReversed()) connection.close();
  };
  try {
    mkdirSync(dirname(path), { recursive: true });
    keepPrivate(path);
    const writer = new SqliteConnection(path, { readOnly: false, observer });
    opened.push(writer);
    writer.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    // Reading the schema is what finds out that a file is no database.
    writer.read({ sql: "SELECT count(*) FROM sqlite_master", parameters: [] });
    writer.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}`);
    writer.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}; PRAGMA cache_size = -${CACHE_KIB}`);
    useTemporaryStore(writer, "MEMORY");
    const openReader = (): SqliteConnection => openForReading(path, observer);
    const reader = openReader();
    opened.push(reader);
    const checkpointer = synchronous === "FULL" ? new Checkpointer(path, writer) : undefined;
    return {
      ...{ writer, reader, openReader },
      committed: () => checkpointer?.committed(),
      async close() {
        await checkpointer?.close();
        close();
      },
    };
  } catch (error) {
    close();
    if (isOpeningRace(error)) throw new DatabaseBusyError(error);
    throw databaseUnusable(
      `cannot use the SQLite file ${path} (${errorText(error)}): ` +
        "check that the folder and the file may be read and written, and that the file is a SQLite database",
      error,
    );
  }
}

function openForReading(path: string, observer: Observer): SqliteConnection {
  const reader = new SqliteConnection(path, { readOnly: true, observer });
  reader.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  return reader;
}
