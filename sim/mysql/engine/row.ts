import type { Cell } from "../catalog/table.ts";
import type { Key } from "./compare.ts";
import { Lock } from "./lock.ts";

/** The values of a row in the order of its table's columns. */
export type Cells = readonly Cell[];

/** What a row knows of a transaction that wrote it. */
export interface Writer {
  /** Its place in the order of all commits; infinite before its own. */
  readonly commitNumber: number;
}

/** A row as one transaction left it. */
export interface Version {
  /** Undefined where the row is not there. */
  readonly cells: Cells | undefined;
  readonly trx: Writer;
  before: Version | undefined;
}

/** A row with what it was before, as long as somebody may want to see that. */
export class Row {
  readonly primary: Key;
  readonly lock = new Lock();
  latest: Version | undefined;

  constructor(primary: Key) {
    this.primary = primary;
  }
}

/** Whether two values are the same byte by byte. */
export function isSame(left: Cell | undefined, right: Cell | undefined): boolean {
  if (left instanceof Uint8Array && right instanceof Uint8Array) return Buffer.compare(left, right) === 0;
  return left === right;
}
