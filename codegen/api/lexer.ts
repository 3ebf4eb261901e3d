import { ContractError, type Position, Problems } from "../emit/index.ts";

export interface Token {
  /** `word` is an identifier or keyword, `text` a quoted string, `tag` a back-quoted one. */
  readonly kind: "word" | "text" | "tag" | "sign" | "end";
  /** The word, the sign, or what stands between the quotes. */
  readonly value: string;
  /** As the file has it, quotes and all. */
  readonly written: string;
  /** The comment lines right above the token; a blank line ends them. */
  readonly doc: string;
  readonly at: Position;
}

/** A piece of text that is no token, and where it stands. */
export interface Placed {
  readonly value: string;
  readonly at: Position;
}

/** A comment as it stands in the file. */
export interface WrittenComment {
  /** With its slashes. */
  readonly written: string;
  readonly at: Position;
  readonly endLine: number;
}

interface Comment {
  readonly text: string;
  readonly line: number;
  readonly endLine: number;
}

interface Lexed {
  readonly token: Token;
  readonly end: number;
}

const WORD = /[\p{L}_][\p{L}\p{N}_]*/uy;
/** What nearly all words are, and what none begins with: the letters of all languages take long to compile. */
const PLAIN_WORD = /[A-Za-z_]\w*(?![\w\x80-\uffff])/y;
const NO_WORD = /[^A-Za-z_\x80-\uffff]/y;
const QUOTED = /"((?:[^"\\\n]|\\.)*)"/y;
const BACK_QUOTED = /`([^`\n]*)`/y;
const PATH = /\/[^\s();]*/y;
const SERVER_VALUE = /[^\s()":,]+(?:[ \t]*,[ \t]*[^\s()":,]+)*/y;
const SPACE = /\s*/y;
const BLANKS = /[ \t\r]*/y;
const LINE_COMMENT = /\/\/[^\n]*/y;

const DEPTH_MAX = 64;

/**
 * Reads a `.api` file token by token. Paths and the values of `info`, `@doc` and `@server` are not made
 * of tokens, so the parser, which knows where they stand, asks for them by name.
 */
export class Lexer {
  readonly fileName: string;
  /** What is wrong with the contract, in all of its files. */
  readonly problems: Problems;
  readonly #source: string;
  /** Where the last block comment can end, so that none that never does is looked through to the end of the file. */
  readonly #lastClose: number;
  readonly #lineStarts: readonly number[];
  /** What each place says beside line and column, where it is in an imported file. */
  readonly #file: string | undefined;
  /** By where they begin, as some are passed over more than once. */
  readonly #comments = new Map<number, WrittenComment>();
  #offset = 0;
  /** Of the place asked for last, from 0: the next one is near. */
  #line = 0;
  #depth = 0;
  #ahead: Lexed | undefined;

  /** @param importer where the places have to say the file, as they are another file's too */
  constructor(source: string, fileName: string, importer?: Lexer) {
    this.fileName = fileName;
    this.problems = importer?.problems ?? new Problems();
    this.#file = importer === undefined ? undefined : fileName;
    this.#source = source.replace(/^\uFEFF/, " ");
    this.#lastClose = this.#source.lastIndexOf("*/");
    this.#lineStarts = [0, ...[...this.#source.matchAll(/\n/g)].map((match) => match.index + 1)];
  }

  /** The comments that were passed over so far, in their order. */
  comments(): WrittenComment[] {
    return [...this.#comments].sort(([one], [other]) => one - other).map(([, comment]) => comment);
  }

  /** The next token, which stays to be read. */
  peek(): Token {
    this.#ahead ??= this.#lex();
    return this.#ahead.token;
  }

  /** True where the next token is this word or sign. */
  sees(value: string): boolean {
    const token = this.peek();
    return token.value === value && (token.kind === "word" || token.kind === "sign");
  }

  next(): Token {
    const token = this.peek();
    this.#moveTo(this.#ahead?.end ?? this.#offset);
    return token;
  }

  /** The comment on the line of the token just read, or "". */
  lineEndComment(): string {
    const start = this.#afterBlanks();
    const comment = this.#match(LINE_COMMENT, start);
    if (comment === undefined) return "";
    this.#moveTo(start + comment[0].length);
    return commentText(comment[0]);
  }

  /** A route path: from `/` to the next blank, bracket or `;`. */
  path(): Placed {
    return this.#onThisLine(PATH, "a path that starts with /");
  }

  /** A value in `@server`: a text in quotes, or words and paths with commas between them. */
  serverValue(): Placed {
    if (this.peek().kind === "text" || this.peek().kind === "tag") return this.next();
    return this.#onThisLine(SERVER_VALUE, "a value on the line of its key");
  }

  /** A value in `info` or `@doc`: quoted, or everything up to the line's end or the block's `)`. */
  lineValue(): string {
    return this.#quotedAhead() ? this.next().value : this.#restOfLine();
  }

  /** The same as the file has it, quotes and all. */
  lineText(): string {
    return this.#quotedAhead() ? this.next().written : this.#restOfLine();
  }

  #quotedAhead(): boolean {
    return /["`]/.test(this.#source[this.#afterBlanks()] ?? "");
  }

  #restOfLine(): string {
    const start = this.#afterBlanks();
    const end = this.#lineValueEnd(start);
    this.#moveTo(end);
    return this.#source.slice(start, end).trim();
  }

  /**
   * Reads what stands inside something.
   *
   * @throws ContractError where that is nested deeper than anybody writes.
   */
  nested<T>(read: () => T): T {
    if (this.#depth >= DEPTH_MAX) throw this.unexpected(`nothing nested deeper than ${DEPTH_MAX}`);
    this.#depth += 1;
    try {
      return read();
    } finally {
      this.#depth -= 1;
    }
  }

  /**
   * Reads one of several things. An error is kept, and what follows is passed over up to where the next one may begin.
   *
   * @returns undefined where there was an error.
   * @throws ContractError with all that is wrong where nothing more can be read.
   */
  attempt<T>(read: () => T, begins: (token: Token, error: ContractError) => boolean): T | undefined {
    const from = this.#offset;
    const depth = this.#depth;
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ContractError) || error.others.length > 0) throw error;
      this.problems.add(error);
      this.#depth = depth;
      this.#passOver(from, (token) => begins(token, error));
      return undefined;
    }
  }

  #passOver(from: number, ends: (token: Token) => boolean): void {
    let isFirst = this.#offset === from;
    for (;;) {
      const token = this.problems.attempt(() => this.peek());
      if (token?.kind === "end") this.problems.throwAny();
      if (token !== undefined && !isFirst && ends(token)) return;
      isFirst = false;
      if (token === undefined) this.#moveTo(this.#lineAfter());
      else this.next();
    }
  }

  /** Where the next line begins: a quote that is not closed is over by then. */
  #lineAfter(): number {
    const end = this.#source.indexOf("\n", this.#skipBlanks(this.#offset).offset);
    return end === -1 ? this.#source.length : end + 1;
  }

  /** An error at a place of this file. */
  error(at: Position, found: string, expected: string): ContractError {
    return new ContractError(this.fileName, at, `found ${found}, expected ${expected}`);
  }

  /** Tells of what goctl and go-zero pass over without a word, and passes over it. */
  warn(at: Position, found: string, expected: string): void {
    const detail = `warning: found ${found}, expected ${expected}; passed over, as in go-zero`;
    this.problems.warnings.push(new ContractError(this.fileName, at, detail));
  }

  #moveTo(offset: number): void {
    this.#offset = offset;
    this.#ahead = undefined;
  }

  #onThisLine(pattern: RegExp, expected: string): Placed {
    const start = this.#afterBlanks();
    const match = this.#match(pattern, start);
    if (match === undefined) throw this.unexpected(expected);
    this.#moveTo(start + match[0].length);
    return { value: match[0], at: this.#position(start) };
  }

  #afterBlanks(): number {
    return this.#offset + (this.#match(BLANKS, this.#offset)?.[0].length ?? 0);
  }

  /** An error about the next token. */
  unexpected(expected: string): ContractError {
    const token = this.peek();
    return this.error(token.at, describeToken(token), expected);
  }

  #lineValueEnd(start: number): number {
    let depth = 0;
    for (let offset = start; offset < this.#source.length; offset += 1) {
      const character = this.#source[offset];
      if (character === "\n") return offset;
      if (character === "(") depth += 1;
      if (character === ")" && depth === 0) return offset;
      if (character === ")") depth -= 1;
      if (/\s/.test(character ?? "") && this.#source.startsWith("//", offset + 1)) return offset;
    }
    return this.#source.length;
  }

  #lex(): Lexed {
    const { offset, comments } = this.#skipBlanks(this.#offset);
    const at = this.#position(offset);
    const make = (kind: Token["kind"], value: string, length: number): Lexed => ({
      token: {
        kind,
        value,
        written: this.#source.slice(offset, offset + length),
        doc: docAbove(comments, at.line),
        at,
      },
      end: offset + length,
    });
    const code = this.#source.codePointAt(offset);
    if (code === undefined) return make("end", "", 0);
    const character = String.fromCodePoint(code);
    const word = this.#wordAt(offset);
    if (word !== undefined) return make("word", word, word.length);
    if (character === '"' || character === "`") return this.#lexQuoted(offset, make);
    return make("sign", character, character.length);
  }

  #wordAt(offset: number): string | undefined {
    const plain = this.#match(PLAIN_WORD, offset);
    const isDecided = plain !== undefined || this.#match(NO_WORD, offset) !== undefined;
    return (isDecided ? plain : this.#match(WORD, offset))?.[0];
  }

  #lexQuoted(offset: number, make: (kind: Token["kind"], value: string, length: number) => Lexed): Lexed {
    const quote = this.#source[offset] ?? "";
    const match = this.#match(quote === '"' ? QUOTED : BACK_QUOTED, offset);
    if (match === undefined)
      throw this.error(this.#position(offset), quote, `a closing ${quote} on the same line`);
    const inner = match[1] ?? "";
    if (quote === "`") return make("tag", inner, match[0].length);
    return make("text", inner.replace(/\\(["\\])/g, "$1"), match[0].length);
  }

  /** Past blanks and comments; a comment on the line of the token before belongs to that one and is dropped. */
  #skipBlanks(from: number): { offset: number; comments: Comment[] } {
    const comments: Comment[] = [];
    const lineBefore = from === 0 ? 0 : this.#position(from).line;
    let offset = from;
    for (;;) {
      offset += this.#match(SPACE, offset)?.[0].length ?? 0;
      const comment = this.#source.startsWith("/", offset) ? this.#commentAt(offset) : undefined;
      if (comment === undefined) return { offset, comments };
      const at = this.#position(offset);
      const { line } = at;
      const start = offset;
      offset += comment.length;
      const endLine = this.#position(offset).line;
      this.#comments.set(start, { written: comment.trimEnd(), at, endLine });
      if (line !== lineBefore) comments.push({ text: commentText(comment), line, endLine });
    }
  }

  #commentAt(offset: number): string | undefined {
    const line = this.#match(LINE_COMMENT, offset)?.[0];
    if (line !== undefined || !this.#source.startsWith("/*", offset)) return line;
    if (offset + 2 > this.#lastClose) return undefined;
    return this.#source.slice(offset, this.#source.indexOf("*/", offset + 2) + 2);
  }

  #match(pattern: RegExp, offset: number): RegExpExecArray | undefined {
    pattern.lastIndex = offset;
    return pattern.exec(this.#source) ?? undefined;
  }

  #position(offset: number): Position {
    const starts = this.#lineStarts;
    while ((starts[this.#line] ?? 0) > offset) this.#line -= 1;
    while ((starts[this.#line + 1] ?? Number.POSITIVE_INFINITY) <= offset) this.#line += 1;
    const line = this.#line + 1;
    const column = offset - (starts[this.#line] ?? 0) + 1;
    return this.#file === undefined ? { line, column } : { line, column, file: this.#file };
  }
}

/** A token as an error message names it. */
function describeToken(token: Token): string {
  if (token.kind === "end") return "the end of the file";
  if (token.kind === "tag") return `\`${token.value}\``;
  if (token.kind === "text") return `the text ${JSON.stringify(token.value)}`;
  return `"${token.value}"`;
}

function docAbove(comments: readonly Comment[], line: number): string {
  if (comments.length === 0) return "";
  const texts: string[] = [];
  let below = line;
  for (const comment of comments.toReversed()) {
    if (comment.endLine < below - 1) break;
    texts.push(comment.text);
    below = comment.line;
  }
  return texts.reverse().join("\n").trim();
}

function commentText(comment: string): string {
  if (comment.startsWith("//")) return comment.slice(2).trim();
  const lines = comment.slice(2, -2).split("\n");
  return lines
    .map((line) => line.replace(/^\s*\*?\s?/, "").trimEnd())
    .join("\n")
    .trim();
}
