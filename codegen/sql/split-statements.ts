import { ContractError, createPositions, type Position } from "../emit/index.ts";

/** One statement of a file. */
export interface SqlText {
  /** The statement as written, without comments and without its semicolon. */
  readonly text: string;
  /** The same with comments blanked, so that offsets in it are offsets in the file from `start`. */
  readonly masked: string;
  readonly start: number;
}

// A string, a quoted name, a comment, the end of a statement, a run of other characters, or any other one. What is
// opened and not closed is matched by the last alternative and refused below.
const PIECE =
  /'(?:''|\\[\s\S]|[^'\\])*'|"(?:""|\\[\s\S]|[^"\\])*"|`(?:``|[^`\n])*`|--(?=\s|$)[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/|;|\/\*|[^'"`;#/-]+|[\s\S]/g;
const DELIMITER = /^[ \t]*DELIMITER[ \t]+(\S+)[ \t]*\r?\n[\s\S]*?^[ \t]*DELIMITER[ \t]+;[ \t]*$/gim;

/**
 * Splits a file of SQL into its statements.
 *
 * @param dump takes what MySQL would execute of comments for comments, and procedures between DELIMITER lines for none
 * @throws ContractError where a string, name or comment is not closed, or a comment would be executed.
 */
export function splitStatements(source: string, fileName: string, dump = false): SqlText[] {
  const statements: SqlText[] = [];
  const positionOf = createPositions(source);
  const whole = dump ? source.replace(DELIMITER, (text) => text.replace(/[^\n]/g, " ")) : source;
  let text: string[] = [];
  let masked: string[] = [];
  let start = 0;
  const finish = (end: number): void => {
    const joined = masked.join("");
    const lead = joined.length - joined.trimStart().length;
    const statement = { text: withoutBlankLines(text.join("")), masked: joined.trim(), start: start + lead };
    if (statement.masked !== "") statements.push(statement);
    text = [];
    masked = [];
    start = end;
  };
  for (const match of whole.matchAll(PIECE)) {
    const piece = match[0];
    checkPiece(piece, { at: () => positionOf(match.index), fileName, dump });
    if (piece === ";") {
      finish(match.index + 1);
    } else if (isComment(piece) || piece === "\uFEFF") {
      masked.push(piece.replace(/[^\n]/g, " "));
    } else {
      text.push(piece);
      masked.push(piece);
    }
  }
  finish(whole.length);
  return statements;
}

function isComment(piece: string): boolean {
  return piece.startsWith("#") || piece.startsWith("/*") || /^--(\s|$)/.test(piece);
}

function checkPiece(
  piece: string,
  { at, fileName, dump }: { readonly at: () => Position; readonly fileName: string; readonly dump: boolean },
): void {
  const fail = (detail: string): never => {
    throw new ContractError(fileName, at(), detail);
  };
  if (piece === "'" || piece === '"') fail("the string is not closed");
  if (piece === "`") fail("a quoted name must end on its line");
  if (piece === "/*") fail("the comment is not closed");
  // MySQL executes these; blanking them would change what the file says.
  if (!dump && /^\/\*[!+]/.test(piece)) fail("executable comments are not supported");
}

/** A blank line is where a comment was, or in a text, which none of the tables' definitions has. */
function withoutBlankLines(text: string): string {
  const lines = text.split("\n").map((line) => line.trimEnd());
  return lines
    .filter((line) => line !== "")
    .join("\n")
    .trim();
}
