import type { Position } from "../../emit/index.ts";
import type { Lexer, Placed, Token } from "../lexer.ts";
import type { Line } from "./line.ts";

/** Reads the tokens of a contract, and makes lines of them. */
export class LineReader {
  readonly lexer: Lexer;
  readonly lines: Line[] = [];
  #depth = 0;
  #from: Position | undefined;
  #endLine = 1;

  constructor(lexer: Lexer) {
    this.lexer = lexer;
  }

  /** Takes a token into the line at hand. */
  take(): string {
    return this.keep(this.lexer.next()).written;
  }

  /** Takes tokens up to one of these, which stays. */
  takeUntil(...signs: readonly string[]): string[] {
    const taken: string[] = [];
    while (!signs.some((sign) => this.lexer.sees(sign))) taken.push(this.take());
    return taken;
  }

  /** Takes what was read of the lexer in another way into the line at hand. */
  keep<T extends Placed | Token>(read: T): T {
    this.#from ??= read.at;
    this.#endLine = read.at.line;
    return read;
  }

  /** Ends the line at hand. */
  end(cells: readonly string[], gap: Line["gap"]): void {
    const from = this.#from ?? this.lexer.peek().at;
    this.lines.push({ depth: this.#depth, cells, gap, from, endLine: this.#endLine });
    this.#from = undefined;
  }

  /** Ends the line at hand by a bracket that opens, reads what is inside, and ends the line of the one that closes. */
  block(head: readonly string[], gap: Line["gap"], inside: () => void): void {
    const open = this.take();
    const close = open === "{" ? "}" : ")";
    if (this.lexer.sees(close)) {
      this.end([[...head, open + this.take()].join(" ")], gap);
      return;
    }
    this.end([[...head, open].join(" ")], gap);
    this.#depth += 1;
    while (!this.lexer.sees(close)) inside();
    this.#depth -= 1;
    this.end([this.take()], "kept");
  }
}
