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
 * The compiler's word stands: no comment silences it, no value leaves its types. Biome forbids written `any`
 * and `!`; here are the ways around that: compiler comments, a muted type rule, `as any` in files Biome skips
 * and a double cast. A test may expect a type error, to show that a wrong call does not compile.
 */
export const typeEscapes: Rule = {
  name: "nothing escapes the type checker",
  check: (files) =>
    files.filter(({ path }) => isSource(path)).flatMap((file) => [...silencers(file), ...castsToAny(file)]),
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

function castsToAny(file: RepositoryFile): Finding[] {
  const found: Finding[] = [];
  visitNodes(parseFile(file).program, (node) => {
    const line = () => lineAt(file.text, node.start);
    if (node.type === "TSAnyKeyword" && isGenerated(file.path)) {
      found.push({ path: file.path, line: line(), message: "any in generated code" });
    }
    if (node.type === "TSAsExpression" && node.expression.type === "TSAsExpression") {
      found.push({
        path: file.path,
        line: line(),
        message: "cast of a cast; say the type where the value is made",
      });
    }
  });
  return found;
}
