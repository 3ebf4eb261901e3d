import { ContractError, type Position, type Problems } from "../emit/index.ts";
import type { SqlText } from "./split-statements.ts";

export interface SqlToken {
  /** `word` is a keyword or bare name, `name` one in back quotes, `text` a string. */
  readonly kind: "word" | "name" | "text" | "number" | "sign" | "end";
  /** The word as written, the sign, or what a string or name says without quotes and escapes. */
  readonly value: string;
  /** What a grammar knows it by: the word in capitals, or the sign; empty for the others. */
  readonly keyword: string;
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
/** Without what would end it in either database. */
const KEY_NAME = /^[^"`\p{Cc}]{1,64}$/u;

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
  /** As far as anybody has looked. */
  readonly #tokens: SqlToken[] = [];
  /** Of the next token. */
  #index = 0;
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
    for (;;) {
      const token = this.#tokens[this.#index + after];
      if (token !== undefined) return token;
      this.#tokens.push(this.#lex());
    }
  }

  next(): SqlToken {
    const token = this.peek();
    this.#index += 1;
    if (token.keyword === "(") this.#depth += 1;
    if (token.keyword === ")") this.#depth -= 1;
    return token;
  }

  /** Whether these words and signs come next, in any case. */
  sees(word: string, ...more: readonly string[]): boolean {
    return this.peek().keyword === word && more.every((each, index) => this.peek(index + 1).keyword === each);
  }

  /** Takes these words if they come next. */
  takes(word: string, ...more: readonly string[]): boolean {
    if (!this.sees(word, ...more)) return false;
    this.next();
    for (const _word of more) this.next();
    return true;
  }

  expect(sign: string): void {
    if (!this.takes(sign)) this.unexpected(`"${sign}"`);
  }

  /** The name of a key that is no name in TypeScript: in back quotes it may hold blanks, commas and the like. */
  keyName(expected: string): string {
    const { kind, value } = this.peek();
    return kind === "name" && KEY_NAME.test(value) ? this.next().value : this.name(expected);
  }

  /** The name of a table, column or unique key: also one in TypeScript, so letters, digits and underscores. */
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
    if (match === null) return { kind: "end", value: "", keyword: "", offset: this.#text.length };
    this.#offset = TOKEN.lastIndex;
    const whole = match[0];
    const offset = match.index + whole.length - whole.trimStart().length;
    // By their numbers: to take such an array apart costs more than to match.
    const word = match[1];
    if (word !== undefined) return { kind: "word", value: word, keyword: word.toUpperCase(), offset };
    const name = match[2];
    if (name !== undefined) return { kind: "name", value: name.replaceAll("``", "`"), keyword: "", offset };
    const string = match[3] ?? match[4];
    const quote = match[3] === undefined ? '"' : "'";
    if (string !== undefined) return { kind: "text", value: unescaped(string, quote), keyword: "", offset };
    const number = match[5];
    if (number !== undefined) return { kind: "number", value: number, keyword: "", offset };
    const sign = match[6] ?? "";
    return { kind: "sign", value: sign, keyword: sign, offset };
  }
}

function unescaped(text: string, quote: string): string {
  return text.replace(/''|""|\\([\s\S])/g, (match, escaped: string | undefined) => {
    if (escaped !== undefined) return ESCAPES[escaped] ?? escaped;
    return match === quote + quote ? quote : match;
  });
}
