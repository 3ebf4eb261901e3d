import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Observer } from "@mall/kit/observe";
import { LRUCache } from "lru-cache";
import type { RawRow, Statement, WriteResult } from "./database.ts";
import { observeNow } from "./observe-statement.ts";

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

  /** The first row of a statement. */
  readOne(statement: Statement): RawRow | undefined {
    const observation = this.#observer.sql?.("queryStmt", statement.sql);
    if (observation === undefined) return this.#readOne(statement);
    return observeNow(observation, () => this.#readOne(statement));
  }

  write(statement: Statement): WriteResult {
    const observation = this.#observer.sql?.("execStmt", statement.sql);
    if (observation === undefined) return this.#write(statement);
    return observeNow(observation, () => this.#write(statement));
  }

  #read(statement: Statement): RawRow[] {
    return this.#prepare(statement.sql).statement.all(...statement.parameters);
  }

  #readOne(statement: Statement): RawRow | undefined {
    return this.#prepare(statement.sql).statement.get(...statement.parameters);
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
