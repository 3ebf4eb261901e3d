import type { WrittenComment } from "../lexer.ts";
import type { Line } from "./line.ts";

/** A line of the formatted file. */
export interface Row {
  readonly depth: number;
  readonly cells: readonly string[];
  /** Whether an empty line stands above it. */
  readonly gap: boolean;
}

/**
 * Puts comments where they were: at the end of the line whose last token they stood behind, or amid whose tokens they
 * stood, else on lines of their own above the next.
 */
export function putComments(lines: readonly Line[], comments: readonly WrittenComment[]): Row[] {
  const writer = new RowWriter();
  let next = 0;
  const putBefore = (line: Line | undefined): void => {
    for (
      let comment = comments[next];
      comment !== undefined && stands(comment, line);
      comment = comments[next]
    ) {
      writer.comment(comment, line);
      next += 1;
    }
  };
  for (const line of lines) {
    putBefore(line);
    writer.line(line);
  }
  putBefore(undefined);
  return writer.rows;
}

function stands({ at }: WrittenComment, before: Line | undefined): boolean {
  if (before === undefined) return true;
  const { line, column } = before.from;
  return at.line < line || (at.line === line && at.column < column);
}

class RowWriter {
  readonly rows: Row[] = [];
  /** The line of the source on which the last row ends. */
  #endLine = 0;
  /** Whether the last line opens a bracket. */
  #opens = true;
  /** Whether the comments above a line have had its empty line. */
  #hadGap = false;

  line(line: Line): void {
    const gap = !this.#opens && !closes(line) && this.#gap(line.from.line, line);
    this.rows.push({ depth: line.depth, cells: line.cells, gap });
    this.#endLine = line.endLine;
    this.#opens = /[{(]$/.test(line.cells.at(-1) ?? "");
    this.#hadGap = false;
  }

  comment({ written, at, endLine }: WrittenComment, above: Line | undefined): void {
    const last = this.rows.at(-1);
    if (last !== undefined && at.line <= this.#endLine) {
      const [text = "", ...before] = last.cells.toReversed();
      this.rows[this.rows.length - 1] = { ...last, cells: [...before.toReversed(), `${text} ${written}`] };
    } else {
      const depth = above === undefined ? 0 : above.depth + (closes(above) ? 1 : 0);
      this.rows.push({ depth, cells: [written], gap: !this.#opens && this.#gap(at.line, above) });
      this.#hadGap = true;
      this.#opens = false;
    }
    this.#endLine = Math.max(this.#endLine, endLine);
  }

  #gap(line: number, above: Line | undefined): boolean {
    const isWanted = above?.gap === "always" && !this.#hadGap;
    return isWanted || line > this.#endLine + 1;
  }
}

function closes({ cells }: Line): boolean {
  return /^[})]/.test(cells[0] ?? "");
}
