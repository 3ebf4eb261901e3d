/** Where something stands in a contract; lines and columns count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
  /** The file, where it is one that the contract imports. */
  readonly file?: string;
}

/** A contract that cannot be generated from; its text is `file:line:column: message`. */
export class ContractError extends Error {
  readonly file: string;
  readonly position: Position;
  /** What is wrong, without the place. */
  readonly detail: string;
  /** What else is wrong with the contract, each without others of its own. */
  readonly others: readonly ContractError[];

  constructor(file: string, position: Position, detail: string, others: readonly ContractError[] = []) {
    const where = position.file ?? file;
    super(`${where}:${position.line}:${position.column}: ${detail}`);
    this.name = "ContractError";
    this.file = where;
    this.position = position;
    this.detail = detail;
    this.others = others;
  }
}

/** The line and column of the character offsets of a text; an offset past the end is the end. */
export function createPositions(source: string): (offset: number) => Position {
  const starts = [0, ...[...source.matchAll(/\n/g)].map((match) => match.index + 1)];
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: Math.min(offset, source.length) - (starts[low] ?? 0) + 1 };
  };
}
