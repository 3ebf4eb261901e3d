import {
  type Finding,
  isGenerated,
  isSource,
  isTest,
  lineAt,
  type RepositoryFile,
  type Rule,
} from "./repository.ts";
import { parseFile, visitNodes } from "./syntax.ts";

/**
 * The compiler's word stands. Biome forbids written `any` and `!`; here are the ways around that: comments
 * that silence the compiler or a type rule, `any` in generated files (Biome skips them), and a cast of a cast
 * that does not say why it is sound. A test may expect a type error, to show that a wrong call does not compile.
 */
export const typeEscapes: Rule = {
  name: "nothing escapes the type checker",
  check: (files) =>
    files.filter(({ path }) => isSource(path)).flatMap((file) => [...silencers(file), ...unsoundTypes(file)]),
};

const TYPE_RULES = /noExplicitAny|noNonNullAssertion|noTsIgnore/;

function silencers(file: RepositoryFile): Finding[] {
  return parseFile(file).comments.flatMap(({ value, start }) => {
    const text = value.trim();
    const silences =
      /^@ts-(ignore|nocheck)/.test(text) ||
      (/^@ts-expect-error/.test(text) && !isTest(file.path)) ||
      (text.startsWith("biome-ignore") && TYPE_RULES.test(text));
    if (!silences) return [];
    return [
      {
        path: file.path,
        line: lineAt(file.text, start),
        message: `silences the compiler: ${text.slice(0, 60)}`,
      },
    ];
  });
}

function unsoundTypes(file: RepositoryFile): Finding[] {
  const found: Finding[] = [];
  visitNodes(parseFile(file).program, (node) => {
    const line = () => lineAt(file.text, node.start);
    if (node.type === "TSAnyKeyword" && isGenerated(file.path)) {
      found.push({ path: file.path, line: line(), message: "any in generated code" });
    }
    const castOfCast = node.type === "TSAsExpression" && node.expression.type === "TSAsExpression";
    if (castOfCast && !hasCommentAbove(file, node.start)) {
      found.push({
        path: file.path,
        line: line(),
        message: "cast of a cast without a comment that says why",
      });
    }
  });
  return found;
}

/** Whether a comment ends on the line of `start` or one of the two before it. */
function hasCommentAbove(file: RepositoryFile, start: number): boolean {
  const line = lineAt(file.text, start);
  return parseFile(file).comments.some(({ end }) => end <= start && line - lineAt(file.text, end) <= 2);
}
