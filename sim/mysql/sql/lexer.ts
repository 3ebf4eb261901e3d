import { UnsupportedSql } from "../unsupported-sql.ts";

/** A piece of a statement. `name` is a word that stood in backquotes, so that it is no keyword. */
export interface Token {
  readonly kind: "word" | "name" | "number" | "text" | "symbol" | "end";
  /** Words as they stand; texts without their quotes. */
  readonly text: string;
}

const PATTERN =
  /\s+|--[^\n]*|(?<word>@@[\w.]+|[A-Za-z_][\w$]*)|(?<number>\d+(?:\.\d+)?)|`(?<name>(?:[^`]|``)*)`|'(?<text>(?:[^'\\]|''|\\.)*)'|"(?<double>(?:[^"\\]|""|\\.)*)"|(?<symbol><=>|<>|!=|<=|>=|\|\||[-+*/(),.=<>?;])/gsy;

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "0": "\0" };

/** Cuts a statement into its pieces. `ansi`: as with the sql_mode ANSI_QUOTES, double quotes are around names. */
export function tokenize(sql: string, ansi: boolean): Token[] {
  const tokens: Token[] = [];
  PATTERN.lastIndex = 0;
  while (PATTERN.lastIndex < sql.length) {
    const at = PATTERN.lastIndex;
    const groups = PATTERN.exec(sql)?.groups;
    if (groups === undefined) throw new UnsupportedSql(`${sql.slice(at, at + 20)} in ${sql}`);
    const token = tokenOf(groups, ansi);
    if (token !== undefined) tokens.push(token);
  }
  tokens.push({ kind: "end", text: "" });
  return tokens;
}

function tokenOf(groups: Readonly<Record<string, string | undefined>>, ansi: boolean): Token | undefined {
  const { word, number, name, text, double, symbol } = groups;
  if (word !== undefined) return { kind: "word", text: word };
  if (number !== undefined) return { kind: "number", text: number };
  if (name !== undefined) return { kind: "name", text: name.replaceAll("``", "`") };
  if (text !== undefined) return { kind: "text", text: unquote(text, "'") };
  if (double !== undefined) return { kind: ansi ? "name" : "text", text: unquote(double, '"') };
  return symbol === undefined ? undefined : { kind: "symbol", text: symbol };
}

function unquote(text: string, quote: string): string {
  return text
    .replaceAll(quote + quote, quote)
    .replace(/\\(.)/gs, (_, letter: string) => ESCAPES[letter] ?? letter);
}
