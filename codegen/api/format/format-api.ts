import { Lexer } from "../lexer.ts";
import { checkSyntax } from "../parse.ts";
import { align } from "./align.ts";
import { putComments } from "./put-comments.ts";
import { readLines } from "./read-lines.ts";

/**
 * A `.api` file in the layout of `goctl api format`, with all of its comments and, other than there, with single empty
 * lines between fields and the like. Imports are not looked at.
 *
 * @throws ContractError with all that is wrong with the file's syntax.
 */
export function formatApi(source: string, fileName: string): string {
  checkSyntax(source, fileName);
  const lexer = new Lexer(source, fileName);
  const lines = readLines(lexer);
  return align(putComments(lines, lexer.comments()));
}
