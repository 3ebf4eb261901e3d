import { ContractError, createPositions } from "../emit/index.ts";

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
const DELIMITER = /^[ \t]*DELIMITER[ \t]+(\S+)[ \t]*$/gim;

/**
 * Splits a file of SQL into its statements.
 *
 * @param dump takes what MySQL would execute of comments for comments, and procedures between DELIMITER lines for none
 * @throws ContractError where a string, name or comment is not closed, or a comment would be executed.
 */
export function splitStatements(source: string, fileName: string, dump = false): SqlText[] {
  const statements: SqlText[] = [];
  const positionOf = createPositions(source);
  const whole = dump ? withoutProcedures(source) : source;
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
    const fault = faultOf(piece, dump);
    if (fault !== undefined) throw new ContractError(fileName, positionOf(match.index), fault);
    if (piece === ";") {
      finish(match.index + 1);
    } else if (isComment(piece) || piece === "\uFEFF") {
      masked.push(blanked(piece));
    } else {
      text.push(piece);
      masked.push(piece);
    }
  }
  finish(whole.length);
  return statements;
}

/** Blanks what stands between a line that sets another delimiter and the one that sets the semicolon again. */
function withoutProcedures(source: string): string {
  const parts: string[] = [];
  let kept = 0;
  let open: number | undefined;
  for (const match of source.matchAll(DELIMITER)) {
    if (match[1] !== ";") open ??= match.index;
    else if (open !== undefined) {
      const end = match.index + match[0].length;
      parts.push(source.slice(kept, open), blanked(source.slice(open, end)));
      kept = end;
      open = undefined;
    }
  }
  return parts.join("") + source.slice(kept);
}

/** As long as the text, with its lines. */
function blanked(text: string): string {
  return text.replace(/[^\n]/g, " ");
}

function isComment(piece: string): boolean {
  return piece.startsWith("#") || piece.startsWith("/*") || piece.startsWith("--");
}

/** What is wrong with a piece. */
function faultOf(piece: string, dump: boolean): string | undefined {
  if (piece === "'" || piece === '"') return "the string is not closed";
  if (piece === "`") return "a quoted name must end on its line";
  if (piece === "/*") return "the comment is not closed";
  // MySQL executes these; blanking them would change what the file says.
  const isExecuted = piece.startsWith("/*!") || piece.startsWith("/*+");
  return isExecuted && !dump ? "executable comments are not supported" : undefined;
}

/** A blank line is where a comment was, or in a text, which none of the tables' definitions has. */
function withoutBlankLines(text: string): string {
  const lines = text.split("\n").map((line) => line.trimEnd());
  return lines
    .filter((line) => line !== "")
    .join("\n")
    .trim();
}
