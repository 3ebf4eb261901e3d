import assert from "node:assert/strict";
import type { RepositoryFile, Rule } from "./repository.ts";

/** Files made up for a rule's own test; those in `executable` have the mode bit. */
export function plantFiles(
  texts: Record<string, string>,
  executable: readonly string[] = [],
): RepositoryFile[] {
  return Object.entries(texts).map(([path, text]) => ({ path, text, executable: executable.includes(path) }));
}

/** Asserts that `rule` objects to exactly these places, each written `path:line`. */
export function assertFinds(rule: Rule, files: RepositoryFile[], places: string[]): void {
  const found = rule.check(files).map((finding) => `${finding.path}:${finding.line}`);
  assert.deepEqual(found.sort(), [...places].sort());
}
