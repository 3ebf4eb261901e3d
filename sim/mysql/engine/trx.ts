import type { Isolation } from "../sql/ast.ts";
import type { Lock, LockWait } from "./lock.ts";
import type { Row, Version } from "./row.ts";
import type { TableData } from "./table-data.ts";

/** A change that may be taken back. */
export interface Change {
  readonly data: TableData;
  readonly row: Row;
  readonly version: Version;
  /** The statement that made it. */
  readonly sql: string;
}

/** A transaction on the server. */
export class Trx {
  readonly isolation: Isolation;
  readonly readOnly: boolean;
  /** Its place in the order of all commits; infinite before its own. */
  commitNumber = Number.POSITIVE_INFINITY;
  readonly changes: Change[] = [];
  readonly locks = new Set<Lock>();
  /** Of repeatable reads: what it has seen from its first look on. */
  view: View | undefined;
  wait: LockWait | undefined;

  constructor(isolation: Isolation, readOnly: boolean) {
    this.isolation = isolation;
    this.readOnly = readOnly;
  }

  /** Takes back what was changed after the first `count` changes. What was locked meanwhile stays so. */
  rollBackTo(count: number): void {
    for (const change of this.changes.splice(count).reverse())
      change.data.takeBack(change.row, change.version);
  }

  releaseLocks(): void {
    const locks = [...this.locks];
    this.locks.clear();
    for (const lock of locks) lock.release(this);
  }
}

/** What a look at the rows sees: what was committed when it began, and what its own transaction has done since. */
export class View {
  readonly trx: Trx;
  readonly #until: number;

  constructor(trx: Trx, until: number) {
    this.trx = trx;
    this.#until = until;
  }

  cellsOf(row: Row): Version["cells"] {
    let version: Version | undefined = row.latest;
    while (version !== undefined && version.trx !== this.trx && version.trx.commitNumber > this.#until) {
      version = version.before;
    }
    return version?.cells;
  }
}
