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
  /** Values of unique keys that it did not hold before it wrote them, each with the change that writes it. */
  #claims: { readonly lock: Lock; readonly change: number }[] = [];
  /** Of repeatable reads: what it has seen from its first look on. */
  view: View | undefined;
  wait: LockWait | undefined;

  constructor(isolation: Isolation, readOnly: boolean) {
    this.isolation = isolation;
    this.readOnly = readOnly;
  }

  /** Takes note that the next change writes a value that nobody held. */
  claim(lock: Lock): void {
    this.#claims.push({ lock, change: this.changes.length });
  }

  /** What it has looked at and found there stays locked, though the row goes. */
  keep(lock: Lock): void {
    this.#claims = this.#claims.filter((claim) => claim.lock !== lock);
  }

  /**
   * Takes back what was changed after the first `count` changes. What was locked meanwhile stays so, but for what is
   * gone with its row: the value of a row that was inserted.
   */
  rollBackTo(count: number): void {
    const undone = this.changes.splice(count);
    for (const change of undone.toReversed()) change.data.takeBack(change.row, change.version);
    const isGone = (change: number): boolean => {
      const of = undone[change - count];
      return of !== undefined && of.version.before === undefined;
    };
    const claims = this.#claims.filter(({ change }) => change >= count);
    this.#claims = this.#claims.filter(({ change }) => change < count);
    for (const { lock, change } of claims) if (isGone(change)) this.unlock(lock);
  }

  unlock(lock: Lock): void {
    this.locks.delete(lock);
    lock.release(this);
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
