import { DatabaseSync, type StatementSync } from "node:sqlite";
import { type Observer, observeNow } from "@mall/kit/observe";
import { LRUCache } from "lru-cache";
import type { RawCells, RawRow, Statement, WriteResult } from "../statement.ts";

/** Enough for every statement the models compile; Kysely's varied ones come and go. */
const STATEMENTS_MAX = 500;

interface Prepared {
  readonly statement: StatementSync;
  readonly returnsRows: boolean;
}

/** One connection to a SQLite file, with its prepared statements. Synchronous; errors are node:sqlite's. */
export class SqliteConnection {
  readonly #database: DatabaseSync;
  readonly #observer: Observer;
  readonly #prepared = new LRUCache<string, Prepared>({ max: STATEMENTS_MAX });
  /** Statements of `find`, of which each table has a few. */
  readonly #finders = new Map<string, StatementSync>();

  constructor(path: string, options: { readOnly: boolean; observer: Observer }) {
    this.#observer = options.observer;
    this.#database = new DatabaseSync(path, {
      readOnly: options.readOnly,
      enableForeignKeyConstraints: true,
    });
  }

  /** Whether a transaction is open; SQLite itself ends one when the disk is full or fails. */
  get inTransaction(): boolean {
    return this.#database.isTransaction;
  }

  /** Begins a transaction that reads, at what is committed now; false where that failed. It is nobody's statement. */
  beginRead(): boolean {
    try {
      this.#prepare("BEGIN").statement.run();
      // Only a look at a table takes the lock.
      this.#prepare("SELECT 1 FROM sqlite_master LIMIT 1").statement.get();
      return true;
    } catch {
      this.endRead();
      return false;
    }
  }

  endRead(): void {
    if (this.#database.isOpen && this.inTransaction) this.#prepare("ROLLBACK").statement.run();
  }

  /** Begins or ends a transaction. */
  control(sql: "BEGIN IMMEDIATE" | "COMMIT" | "ROLLBACK"): void {
    const observation = this.#observer.sql?.("exec", sql);
    const { statement } = this.#prepare(sql);
    if (observation === undefined) statement.run();
    else observeNow(observation, () => statement.run());
  }

  /** Begins or ends a part of a transaction that can be taken back by itself, of which observers hear nothing. */
  savepoint(sql: "SAVEPOINT member" | "RELEASE member" | "ROLLBACK TO member"): void {
    this.#prepare(sql).statement.run();
  }

  /** Pages of the log that were not copied into the file yet. It is nobody's statement. */
  uncopiedPages(): number {
    const told = this.#prepare("PRAGMA wal_checkpoint = NOOP").statement.get();
    return Number(told?.log) - Number(told?.checkpointed);
  }

  /** Runs statements without parameters or results. */
  exec(sql: string): void {
    const observation = this.#observer.sql?.("exec", sql);
    if (observation === undefined) this.#database.exec(sql);
    else observeNow(observation, () => this.#database.exec(sql));
  }

  read(statement: Statement): RawRow[] {
    const observation = this.#observer.sql?.("queryStmt", statement.sql);
    if (observation === undefined) return this.#read(statement);
    return observeNow(observation, () => this.#read(statement));
  }

  /** The values of the first row of a statement that is one of few. */
  find(statement: Statement): RawCells | undefined {
    const observation = this.#observer.sql?.("queryStmt", statement.sql);
    if (observation === undefined) return this.#find(statement);
    return observeNow(observation, () => this.#find(statement));
  }

  write(statement: Statement): WriteResult {
    const observation = this.#observer.sql?.("execStmt", statement.sql);
    if (observation === undefined) return this.#write(statement);
    return observeNow(observation, () => this.#write(statement));
  }

  #read(statement: Statement): RawRow[] {
    return this.#prepare(statement.sql).statement.all(...statement.parameters);
  }

  #find({ sql, parameters }: Statement): RawCells | undefined {
    let finder = this.#finders.get(sql);
    if (finder === undefined) {
      finder = this.#database.prepare(sql);
      // An object of a row costs more than to find the row.
      finder.setReturnArrays(true);
      this.#finders.set(sql, finder);
    }
    // The typings know rows as objects only.
    return finder.get(...parameters) as RawCells | undefined;
  }

  #write(statement: Statement): WriteResult {
    const prepared = this.#prepare(statement.sql);
    if (prepared.returnsRows) {
      const rows = prepared.statement.all(...statement.parameters);
      return { rows, changes: rows.length, insertId: 0 };
    }
    const { changes, lastInsertRowid } = prepared.statement.run(...statement.parameters);
    return { rows: [], changes: Number(changes), insertId: Number(lastInsertRowid) };
  }

  close(): void {
    this.#prepared.clear();
    this.#finders.clear();
    this.#database.close();
  }

  #prepare(sql: string): Prepared {
    let prepared = this.#prepared.get(sql);
    if (prepared === undefined) {
      const statement = this.#database.prepare(sql);
      prepared = { statement, returnsRows: statement.columns().length > 0 };
      this.#prepared.set(sql, prepared);
    }
    return prepared;
  }
}
