import { noopObserver } from "@mall/kit/observe";
import { systemRuntime } from "@mall/kit/runtime";
import { type MigrationSet, migrateToLatest, openDatabase, SqliteConnection } from "@mall/kit/store";
import { FaultyConnection, type WriteWitness } from "./faulty-connection.ts";
import type { LentFile } from "./lent-file.ts";
import { type InitialRow, insertOf, type ServiceDatabase } from "./service-database.ts";
import { SimDatabase } from "./sim-database.ts";

/** The database of a service, on a disk of this machine: migrated once, emptied for every run. */
export class DatabaseFile implements ServiceDatabase<WriteWitness> {
  readonly groups = [];
  readonly #path: string;
  readonly #lent: LentFile[] = [];
  /** Nobody's but the simulation's own, to look at what is committed. */
  readonly #witness: SqliteConnection;
  readonly #tables: string[];

  private constructor(path: string) {
    this.#path = path;
    this.#witness = new SqliteConnection(path, { readOnly: true, observer: noopObserver });
    const tables = this.#witness.read({
      sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%\\_migration%' ESCAPE '\\'",
      parameters: [],
    });
    this.#tables = tables.map(({ name }) => String(name));
  }

  static async create(path: string, migrations: readonly MigrationSet[]): Promise<DatabaseFile> {
    const database = await openDatabase({ dataSource: `sqlite:${path}`, runtime: systemRuntime });
    for (const set of migrations) await migrateToLatest(database, set);
    await database.close();
    return new DatabaseFile(path);
  }

  /** The connections of the process with this number, the same ones for each of its lives. */
  lend(index: number): LentFile {
    const known = this.#lent[index];
    if (known !== undefined) return known;
    const writer = new FaultyConnection(this.#path, { readOnly: false, observer: noopObserver });
    // Waiting in SQLite would wait in real time; waiting for a lock is the store's business.
    writer.exec("PRAGMA busy_timeout = 0; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF");
    const openReader = (): FaultyConnection => {
      const reader = new FaultyConnection(this.#path, { readOnly: true, observer: noopObserver });
      reader.exec("PRAGMA busy_timeout = 0");
      return reader;
    };
    const lent: LentFile = {
      writer,
      reader: openReader(),
      openReader,
      committed: () => {},
      close: async () => {},
      open: (host, refusal) => {
        writer.refuses = refusal;
        return new SimDatabase(lent, host);
      },
      abandon: () => DatabaseFile.abandon(lent),
    };
    this.#lent[index] = lent;
    return lent;
  }

  /** What an ended process had not committed is gone. */
  static abandon(file: LentFile): void {
    file.writer.refuses = () => undefined;
    if (file.writer.inTransaction) file.writer.control("ROLLBACK");
    file.reader.endRead();
  }

  /** Commits since this process opened the database. */
  get commits(): number {
    return this.#lent.reduce((sum, { writer }) => sum + writer.commits, 0);
  }

  /** Has every write of the run seen that begins now. */
  showTo(witness: WriteWitness): void {
    for (const { writer } of this.#lent) writer.witness = witness;
  }

  /** Makes the database as it is at the beginning of a run. */
  reset(rows: readonly InitialRow[]): void {
    for (const file of this.#lent) {
      file.writer.witness = undefined;
      DatabaseFile.abandon(file);
    }
    const { writer } = this.lend(0);
    writer.control("BEGIN IMMEDIATE");
    for (const table of this.#tables) writer.write({ sql: `DELETE FROM "${table}"`, parameters: [] });
    for (const row of rows) writer.write(insertOf(row, '"'));
    writer.control("COMMIT");
  }

  /** Rows as they are committed now; the caller knows what the statement selects. */
  read<Row>(sql: string): readonly Row[] {
    return this.#witness.read({ sql, parameters: [] }) as readonly Row[];
  }

  close(): void {
    this.#witness.close();
    for (const { reader, writer } of this.#lent) {
      reader.close();
      writer.close();
    }
  }
}
