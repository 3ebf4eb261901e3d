import type { Database, SqlValue } from "@mall/kit/store";
import type { Kernel } from "../kernel/index.ts";
import type { SharedGroup } from "./shared-groups.ts";
import type { StorageHost } from "./storage-host.ts";

/** How a database may refuse a write: the disk is full, or somebody else's transaction is in the way. */
export type Refusal = "busy" | "full";

/** A row that is there when a run begins. */
export interface InitialRow {
  readonly table: string;
  readonly values: Readonly<Record<string, string | number>>;
}

/** A row that was changed, as it was before and is now. */
export interface ChangedRow {
  /** What changed it. */
  readonly sql: string;
  readonly table: string;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
}

/** What a run gives its databases. */
export interface DatabaseWorld {
  readonly kernel: Kernel;
  /** When virtual time begins, milliseconds since the Unix epoch. */
  readonly startMs: number;
}

/** The part of a database that is one process's, for each of its lives. */
export interface ProcessStorage {
  /** Opens the database for a life of the process; `refusal` is asked before each write. */
  open(host: StorageHost, refusal: () => Refusal | undefined): Database;
  /** What an ended process had not committed is gone. */
  abandon(): void;
}

/** The database of a service, as a run uses it. */
export interface ServiceDatabase<Witness> {
  /** Commits so far. */
  readonly commits: number;
  /** Transactions of this run that several shared; SQLite's have one member each. */
  readonly groups: readonly SharedGroup[];
  /** The part of the process with this number. */
  lend(index: number): ProcessStorage;
  /** Has every write of the run seen that begins now. */
  showTo(witness: Witness): void;
  /** Makes the database as it is at the beginning of a run. */
  reset(rows: readonly InitialRow[], world: DatabaseWorld): void;
  /** Rows as they are committed now; the caller knows what the statement selects. */
  read<Row>(sql: string): readonly Row[];
  close(): void;
}

/** The statement that inserts a row, with names in the quotes of the database. */
export function insertOf(
  { table, values }: InitialRow,
  quote: '"' | "`",
): { readonly sql: string; readonly parameters: readonly SqlValue[] } {
  const names = Object.keys(values);
  const columns = names.map((name) => `${quote}${name}${quote}`).join(", ");
  const places = names.map(() => "?").join(", ");
  const sql = `INSERT INTO ${quote}${table}${quote} (${columns}) VALUES (${places})`;
  return { sql, parameters: Object.values(values) };
}
