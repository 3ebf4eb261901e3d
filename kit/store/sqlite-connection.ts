import { DatabaseSync, type StatementSync } from "node:sqlite";
import { LRUCache } from "lru-cache";
import type { RawRow, Statement, WriteResult } from "./database.ts";

/** Enough for every statement the models compile; Kysely's varied ones come and go. */
const STATEMENTS_MAX = 500;

interface Prepared {
  readonly statement: StatementSync;
  readonly returnsRows: boolean;
}

/** One connection to a SQLite file, with its prepared statements. Synchronous; errors are node:sqlite's. */
export class SqliteConnection {
  readonly #database: DatabaseSync;
  readonly #prepared = new LRUCache<string, Prepared>({ max: STATEMENTS_MAX });

  constructor(path: string, options: { readOnly: boolean }) {
    this.#database = new DatabaseSync(path, {
      readOnly: options.readOnly,
      enableForeignKeyConstraints: true,
    });
  }

  /** Whether a transaction is open; SQLite itself ends one when the disk is full or fails. */
  get inTransaction(): boolean {
    return this.#database.isTransaction;
  }

  /** Runs statements without parameters or results. */
  exec(sql: string): void {
    this.#database.exec(sql);
  }

  read(statement: Statement): RawRow[] {
    return this.#prepare(statement.sql).statement.all(...statement.parameters);
  }

  /** The first row of a statement. */
  readOne(statement: Statement): RawRow | undefined {
    return this.#prepare(statement.sql).statement.get(...statement.parameters);
  }

  write(statement: Statement): WriteResult {
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
