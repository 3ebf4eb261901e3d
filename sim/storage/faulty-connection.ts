import { SqliteConnection, type Statement, type WriteResult } from "@mall/kit/store";
import type { ChangedRow, Refusal } from "./service-database.ts";

/** SQLite's result codes, https://www.sqlite.org/rescode.html. */
const RESULT: Readonly<Record<Refusal, { readonly errcode: number; readonly text: string }>> = {
  busy: { errcode: 5, text: "database is locked" },
  full: { errcode: 13, text: "database or disk is full" },
};

/** Sees every write that is made, for who must know what no table tells later. */
export interface WriteWitness {
  /** Makes a write by `run`; `connection` may be read before and after it. */
  see(statement: Statement, connection: SqliteConnection, run: () => WriteResult): WriteResult;
  /** What is seen from now on may be taken back by itself. */
  savepoint(): void;
  /** What was seen since the last `savepoint` never was. */
  takenBack(): void;
  /** What was seen is committed, or never was. */
  ended(isCommitted: boolean): void;
  /** Of a server where transactions go on side by side: a row as a committed one found it, and left it. */
  changed(row: ChangedRow): void;
}

/** A connection to SQLite that fails, where it is told to, as SQLite itself does. */
export class FaultyConnection extends SqliteConnection {
  /** Asked before every write and every begin and commit of a transaction. */
  refuses: () => Refusal | undefined = () => undefined;
  witness: WriteWitness | undefined;
  /** Commits so far. */
  commits = 0;

  /** Spares system calls where reads come many at a time, which here they never do. */
  override beginRead(): boolean {
    return false;
  }

  override control(sql: "BEGIN IMMEDIATE" | "COMMIT" | "ROLLBACK"): void {
    if (sql !== "ROLLBACK") this.#refuse();
    super.control(sql);
    if (sql !== "BEGIN IMMEDIATE") this.#ended(sql === "COMMIT");
  }

  override savepoint(sql: Parameters<SqliteConnection["savepoint"]>[0]): void {
    super.savepoint(sql);
    if (sql === "SAVEPOINT member") this.witness?.savepoint();
    if (sql === "ROLLBACK TO member") this.witness?.takenBack();
  }

  override write(statement: Statement): WriteResult {
    this.#refuse();
    const run = (): WriteResult => super.write(statement);
    const result = this.witness === undefined ? run() : this.witness.see(statement, this, run);
    if (!this.inTransaction) this.#ended(true);
    return result;
  }

  #ended(isCommitted: boolean): void {
    if (isCommitted) this.commits += 1;
    this.witness?.ended(isCommitted);
  }

  #refuse(): void {
    const refusal = this.refuses();
    if (refusal === undefined) return;
    // A disk that fails may end the whole transaction, as SQLite documents it.
    if (refusal === "full" && this.inTransaction) this.control("ROLLBACK");
    const { errcode, text } = RESULT[refusal];
    throw Object.assign(new Error(text), { code: "ERR_SQLITE_ERROR", errcode });
  }
}
