import { isGenerated, isSource, type Rule } from "./repository.ts";

/** Longer files hold more than one idea; the median of the codebases we learn from is about 60. */
const LINES_MAX = 400;

/** Hand-written source files stay within {@link LINES_MAX} lines. */
export const fileLength: Rule = {
  name: `files have at most ${LINES_MAX} lines`,
  check: (files) =>
    files
      .filter(({ path }) => isSource(path) && !isGenerated(path))
      .map(({ path, text }) => ({ path, lines: text.trimEnd().split("\n").length }))
      .filter(({ lines }) => lines > LINES_MAX)
      .map(({ path, lines }) => ({
        path,
        line: LINES_MAX + 1,
        message: `has ${lines} lines; split it by idea`,
      })),
};
