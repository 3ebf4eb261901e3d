import { UnsupportedSql } from "../unsupported-sql.ts";
import { type Token, tokenize } from "./lexer.ts";

const END: Token = { kind: "end", text: "" };

/** Goes through the pieces of a statement. */
export class TokenReader {
  readonly #sql: string;
  readonly #tokens: readonly Token[];
  #at = 0;
  #parameters = 0;

  constructor(sql: string, ansi: boolean) {
    this.#sql = sql;
    this.#tokens = tokenize(sql, ansi);
  }

  peek(ahead = 0): Token {
    return this.#tokens[this.#at + ahead] ?? END;
  }

  next(): Token {
    const token = this.peek();
    this.#at += 1;
    return token;
  }

  /** Whether these words, or symbols, come next. */
  is(...words: readonly string[]): boolean {
    return words.every((word, index) => {
      const { kind, text } = this.peek(index);
      return (kind === "word" && text.toUpperCase() === word) || (kind === "symbol" && text === word);
    });
  }

  /** Goes over these words where they come next. */
  skip(...words: readonly string[]): boolean {
    if (!this.is(...words)) return false;
    this.#at += words.length;
    return true;
  }

  expect(...words: readonly string[]): void {
    if (!this.skip(...words)) throw this.unknown();
  }

  /** A name of a table or column. */
  name(): string {
    const { kind, text } = this.next();
    if (kind !== "word" && kind !== "name") throw this.unknown(-1);
    return text;
  }

  text(): string {
    const { kind, text } = this.next();
    if (kind !== "text") throw this.unknown(-1);
    return text;
  }

  number(): number {
    const { kind, text } = this.next();
    if (kind !== "number") throw this.unknown(-1);
    return Number(text);
  }

  /** The number of the next `?`. */
  parameter(): number {
    this.#parameters += 1;
    return this.#parameters - 1;
  }

  /** Items with commas between them. */
  list<T>(read: () => T): T[] {
    const items = [read()];
    while (this.skip(",")) items.push(read());
    return items;
  }

  /** A list in parentheses. */
  enclosed<T>(read: () => T): T[] {
    this.expect("(");
    const items = this.list(read);
    this.expect(")");
    return items;
  }

  end(): void {
    this.skip(";");
    if (this.peek().kind !== "end") throw this.unknown();
  }

  /** The error for what comes next, or came just before. */
  unknown(ahead = 0): UnsupportedSql {
    return new UnsupportedSql(`"${this.peek(ahead).text}" at its place in ${this.#sql}`);
  }
}
