import { ContractError, positionAt } from "../emit/index.ts";

/** One statement of a file. */
export interface SqlText {
  /** The statement as written, without comments and without its semicolon. */
  readonly text: string;
  /** The same with comments blanked, so that offsets in it are offsets in the file from `start`. */
  readonly masked: string;
  readonly start: number;
}

// A string, a quoted name, a comment, the end of a statement, or any other character. What is opened
// and not closed is matched by the last alternative of its kind and refused below.
const PIECE =
  /'(?:''|\\.|[^'\\\n])*'|"(?:""|\\.|[^"\\\n])*"|`(?:``|[^`\n])*`|--(?=\s|$)[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/|;|\/\*|[\s\S]/g;

/**
 * Splits a file of SQL into its statements.
 *
 * @throws ContractError where a string, name or comment is not closed, or a comment would be executed.
 */
export function splitStatements(source: string, fileName: string): SqlText[] {
  const statements: SqlText[] = [];
  let text = "";
  let masked = "";
  let start = 0;
  const finish = (end: number): void => {
    const lead = masked.length - masked.trimStart().length;
    const statement = { text: withoutBlankLines(text), masked: masked.trim(), start: start + lead };
    if (statement.masked !== "") statements.push(statement);
    text = "";
    masked = "";
    start = end;
  };
  for (const match of source.matchAll(PIECE)) {
    const piece = match[0];
    checkPiece(piece, () => positionAt(source, match.index), fileName);
    if (piece === ";") {
      finish(match.index + 1);
    } else if (isComment(piece)) {
      masked += piece.replace(/[^\n]/g, " ");
    } else {
      text += piece;
      masked += piece;
    }
  }
  finish(source.length);
  return statements;
}

function isComment(piece: string): boolean {
  return piece.startsWith("--") || piece.startsWith("#") || piece.startsWith("/*");
}

function checkPiece(piece: string, at: () => ReturnType<typeof positionAt>, fileName: string): void {
  if (piece === "'" || piece === '"')
    throw new ContractError(fileName, at(), "a string must end on its line");
  if (piece === "`") throw new ContractError(fileName, at(), "a quoted name must end on its line");
  if (piece === "/*") throw new ContractError(fileName, at(), "the comment is not closed");
  // MySQL executes these; blanking them would change what the file says.
  if (/^\/\*[!+]/.test(piece))
    throw new ContractError(fileName, at(), "executable comments are not supported");
}

/** Strings end on their line, so a blank line can only be where a comment was. */
function withoutBlankLines(text: string): string {
  const lines = text.split("\n").map((line) => line.trimEnd());
  return lines
    .filter((line) => line !== "")
    .join("\n")
    .trim();
}
