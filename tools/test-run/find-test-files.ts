import { globSync } from "node:fs";
import { matchesGlob } from "node:path";

const IGNORED = ["**/node_modules/**", "data/**"];

/**
 * The test files under `root` that the patterns select, all without patterns. A pattern is a path or a part of
 * one (`kit/store`, `pay`), or a glob.
 */
export function findTestFiles(root: string, patterns: readonly string[]): string[] {
  const files = globSync("**/*.test.ts", { cwd: root, exclude: IGNORED }).map((path) =>
    path.replaceAll("\\", "/"),
  );
  const selects = (pattern: string, file: string): boolean =>
    file.includes(pattern.replace(/^\.\//, "")) || matchesGlob(file, pattern);
  return files.filter((file) => patterns.length === 0 || patterns.some((one) => selects(one, file))).sort();
}
