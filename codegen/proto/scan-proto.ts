import protobuf from "#protobuf";
import type { Position } from "../emit/index.ts";

const NAMED = new Set(["message", "enum", "service", "oneof", "rpc", "extend"]);

// What protobufjs reads and does not keep in its tree, so it is read from the tokens of a file that it has parsed.

/** The quoted syntax of the first statement, e.g. `proto3`; undefined where there is none. */
export function syntaxOf(source: string): string | undefined {
  const { next } = protobuf.tokenize(source, true);
  const [word, , , syntax] = [next(), next(), next(), next()];
  return word === "syntax" ? (syntax ?? undefined) : undefined;
}

/**
 * Where a declaration stands, by its name inside its declarations, e.g. `CreateRequest`, `CreateRequest.Uid`,
 * `Pay.Create`; an import under that word and its path; the start of the file for any other. Only errors have to know,
 * so the file is read when the first of them asks.
 */
export function createProtoPositions(source: string): (name: string) => Position {
  let positions: ReadonlyMap<string, Position> | undefined;
  return (name) => {
    positions ??= readPositions(readTokens(source));
    return positions.get(name) ?? { line: 1, column: 1 };
  };
}

function readPositions(tokens: readonly Token[]): ReadonlyMap<string, Position> {
  const positions = new Map<string, Position>();
  const scopes: string[] = [];
  let pending = "";
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1];
    if (NAMED.has(token.text) && next !== undefined && isDeclaration(tokens, index)) {
      pending = next.text;
      setOnce(positions, [...scopes, next.text].join("."), next.position);
    } else if (next?.text === "=") {
      setOnce(positions, [...scopes, token.text].join("."), token.position);
    } else if (token.text === "import") {
      setOnce(positions, `import ${importedPath(tokens, index)}`, token.position);
    }
    if (token.text === "{") scopes.push(pending);
    if (token.text === "}") scopes.pop();
    if (token.text === ";" || token.text === "{") pending = "";
  }
  return positions;
}

interface Token {
  readonly text: string;
  readonly position: Position;
}

/** A field may be called `message` too: then `=` follows its name, not a second name. */
function isDeclaration(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1]?.text;
  return before === undefined || before === ";" || before === "{" || before === "}";
}

/** What stands between the quotes, which are tokens of their own, after the word or `import public`. */
function importedPath(tokens: readonly Token[], index: number): string | undefined {
  const isQuoted = /["']/.test(tokens[index + 1]?.text ?? "");
  return tokens[index + (isQuoted ? 2 : 3)]?.text;
}

function setOnce(positions: Map<string, Position>, name: string, position: Position): void {
  if (!positions.has(name)) positions.set(name, position);
}

function readTokens(source: string): Token[] {
  const lines = source.split("\n");
  const handle = protobuf.tokenize(source, true);
  const tokens: Token[] = [];
  let last: Position = { line: 1, column: 1 };
  for (let text = handle.next(); text !== null; text = handle.next()) {
    // The tokenizer knows the line only; on it, the token is the next one with this text.
    const from = last.line === handle.line ? last.column - 1 : 0;
    const found = lines[handle.line - 1]?.indexOf(text, from) ?? -1;
    const position = { line: handle.line, column: Math.max(found, 0) + 1 };
    tokens.push({ text, position });
    last = { line: position.line, column: position.column + text.length };
  }
  return tokens;
}
