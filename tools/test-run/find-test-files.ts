import { globSync } from "node:fs";
import { matchesGlob } from "node:path";

const IGNORED = ["**/node_modules/**", "data/**"];

/** Those that take a minute and more: they begin first, so that none is left to run alone at the end. */
export const LONGEST: readonly string[] = [
  "e2e/chaos.test.ts",
  "e2e/crashes.test.ts",
  "sim/sim.test.ts",
  "e2e/crash.test.ts",
  "e2e/cluster/guarantees.test.ts",
  "kit/discovery/etcd-cluster.test.ts",
  "e2e/interop/rpc.test.ts",
  "e2e/cluster/mall.test.ts",
];

/**
 * The test files under `root` that the patterns select, all without patterns. A pattern is a path or a part of
 * one (`kit/store`, `pay`), or a glob. The longest come first.
 */
export function findTestFiles(root: string, patterns: readonly string[]): string[] {
  const files = globSync("**/*.test.ts", { cwd: root, exclude: IGNORED }).map((path) =>
    path.replaceAll("\\", "/"),
  );
  const selects = (pattern: string, file: string): boolean =>
    file.includes(pattern.replace(/^\.\//, "")) || matchesGlob(file, pattern);
  const selected = files.filter(
    (file) => patterns.length === 0 || patterns.some((one) => selects(one, file)),
  );
  return [...LONGEST.filter((file) => selected.includes(file)), ...selected.filter(isShort).sort()];
}

function isShort(file: string): boolean {
  return !LONGEST.includes(file);
}
