import { ContractError, type Position, type Problems } from "../emit/index.ts";
import type { SqlText } from "./split-statements.ts";

export interface SqlToken {
  /** `word` is a keyword or bare name, `name` one in back quotes, `text` a string. */
  readonly kind: "word" | "name" | "text" | "number" | "sign" | "end";
  /** The word as written, the sign, or what a string or name says without quotes and escapes. */
  readonly value: string;
  /** Where it starts in the statement. */
  readonly offset: number;
}

const TOKEN =
  /\s*(?:([A-Za-z_\u0080-\uffff$@][\w$@.\u0080-\uffff]*)|`((?:``|[^`])*)`|'((?:''|\\[\s\S]|[^'\\])*)'|"((?:""|\\[\s\S]|[^"\\])*)"|(\d+(?:\.\d+)?|\.\d+)|([\s\S]))/y;

const ESCAPES: Readonly<Record<string, string>> = {
  "0": "\0",
  b: "\b",
  n: "\n",
  r: "\r",
  t: "\t",
  Z: "\x1a",
};
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The file that a statement stands in. */
interface SqlFile {
  readonly fileName: string;
  /** The place of a character. */
  readonly positionOf: (offset: number) => Position;
  readonly problems: Problems;
  /** The columns that inserts leave out, where they are named. */
  readonly leftOut: ReadonlySet<string> | undefined;
}

/** Reads one statement token by token; comments are blanks to it. */
export class SqlReader {
  readonly #text: string;
  readonly #start: number;
  readonly #fileName: string;
  readonly #positionOf: (offset: number) => Position;
  readonly #ahead: SqlToken[] = [];
  /** What is wrong with the file. */
  readonly problems: Problems;
  readonly leftOut: ReadonlySet<string> | undefined;
  #offset = 0;
  /** Of the brackets that the tokens read so far stand in. */
  #depth = 0;

  constructor(statement: SqlText, { fileName, positionOf, problems, leftOut }: SqlFile) {
    this.problems = problems;
    this.leftOut = leftOut;
    this.#text = statement.masked;
    this.#start = statement.start;
    this.#fileName = fileName;
    this.#positionOf = positionOf;
  }

  /** The next token, or one after it, which stays to be read. */
  peek(after = 0): SqlToken {
    for (let token = this.#ahead[after]; ; token = this.#ahead[after]) {
      if (token !== undefined) return token;
      this.#ahead.push(this.#lex());
    }
  }

  next(): SqlToken {
    const token = this.peek();
    this.#ahead.shift();
    if (token.kind === "sign" && token.value === "(") this.#depth += 1;
    if (token.kind === "sign" && token.value === ")") this.#depth -= 1;
    return token;
  }

  /** Whether these words and signs come next, in any case. */
  sees(...words: readonly string[]): boolean {
    return words.every((word, index) => {
      const { kind, value } = this.peek(index);
      return (kind === "word" || kind === "sign") && value.toUpperCase() === word;
    });
  }

  /** Takes these words if they come next. */
  takes(...words: readonly string[]): boolean {
    if (!this.sees(...words)) return false;
    for (const _word of words) this.next();
    return true;
  }

  expect(sign: string): void {
    if (!this.takes(sign)) this.unexpected(`"${sign}"`);
  }

  /** A table, column or index name: also a name in TypeScript, so letters, digits and underscores. */
  name(expected: string): string {
    const { kind, value, offset } = this.peek();
    if (kind !== "word" && kind !== "name") this.unexpected(expected);
    if (!NAME.test(value)) this.fail(`name \`${value}\` is not letters, digits and underscores`, offset);
    return this.next().value;
  }

  text(expected: string): string {
    if (this.peek().kind !== "text") this.unexpected(expected);
    return this.next().value;
  }

  /** Passes over `( … )` with all that is inside. */
  skipBrackets(): void {
    let depth = 0;
    do {
      if (this.sees("(")) depth += 1;
      else if (this.sees(")")) depth -= 1;
      else if (this.peek().kind === "end") this.unexpected('")"');
      this.next();
    } while (depth > 0);
  }

  /** Reads one of a list; an error is kept, and the rest of the one that has it passed over. */
  attempt(read: () => void): void {
    const depth = this.#depth;
    this.problems.attempt(() => {
      try {
        read();
      } catch (error) {
        while (this.#depth > depth || !(this.sees(",") || this.sees(")"))) {
          if (this.peek().kind === "end") throw error;
          this.next();
        }
        throw error;
      }
    });
  }

  at(offset = this.peek().offset): Position {
    return this.#positionOf(this.#start + offset);
  }

  fail(detail: string, offset = this.peek().offset): never {
    throw new ContractError(this.#fileName, this.at(offset), detail);
  }

  unexpected(expected: string): never {
    const { kind, value } = this.peek();
    const found = kind === "end" ? "the end of the statement" : `"${value}"`;
    return this.fail(`found ${found}, expected ${expected}`);
  }

  #lex(): SqlToken {
    TOKEN.lastIndex = this.#offset;
    const match = TOKEN.exec(this.#text);
    if (match === null) return { kind: "end", value: "", offset: this.#text.length };
    this.#offset = TOKEN.lastIndex;
    const [whole, word, name, single, double, number, sign] = match;
    const offset = match.index + whole.length - whole.trimStart().length;
    if (word !== undefined) return { kind: "word", value: word, offset };
    if (name !== undefined) return { kind: "name", value: name.replaceAll("``", "`"), offset };
    const string = single ?? double;
    if (string !== undefined) return { kind: "text", value: unescaped(string, single ? "'" : '"'), offset };
    if (number !== undefined) return { kind: "number", value: number, offset };
    return { kind: "sign", value: sign ?? "", offset };
  }
}

function unescaped(text: string, quote: string): string {
  return text.replace(/''|""|\\([\s\S])/g, (match, escaped: string | undefined) => {
    if (escaped !== undefined) return ESCAPES[escaped] ?? escaped;
    return match === quote + quote ? quote : match;
  });
}
