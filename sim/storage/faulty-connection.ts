import { SqliteConnection, type Statement, type WriteResult } from "@mall/kit/store";

/** SQLite's result codes, https://www.sqlite.org/rescode.html. */
const RESULT = {
  busy: { errcode: 5, text: "database is locked" },
  full: { errcode: 13, text: "database or disk is full" },
} as const;

/** How SQLite may refuse a write. */
export type Refusal = keyof typeof RESULT;

/** A connection to SQLite that fails, where it is told to, as SQLite itself does. */
export class FaultyConnection extends SqliteConnection {
  /** Asked before every write and every begin and commit of a transaction. */
  refuses: () => Refusal | undefined = () => undefined;

  override control(sql: "BEGIN IMMEDIATE" | "COMMIT" | "ROLLBACK"): void {
    if (sql !== "ROLLBACK") this.#refuse();
    super.control(sql);
  }

  override write(statement: Statement): WriteResult {
    this.#refuse();
    return super.write(statement);
  }

  #refuse(): void {
    const refusal = this.refuses();
    if (refusal === undefined) return;
    const { errcode, text } = RESULT[refusal];
    throw Object.assign(new Error(text), { code: "ERR_SQLITE_ERROR", errcode });
  }
}
