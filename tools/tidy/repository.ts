import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** One file of the repository as the rules see it. */
export interface RepositoryFile {
  /** From the repository root, with forward slashes. */
  readonly path: string;
  /** Empty for a binary file: no rule reads one. */
  readonly text: string;
  readonly executable: boolean;
}

/** What a rule objects to. Line 0 means the file as a whole. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** One house rule; `check` looks at the whole repository because some rules compare files. */
export interface Rule {
  readonly name: string;
  check(files: readonly RepositoryFile[]): Finding[];
}

/** Every file git tracks or would track, so that a new file is held to the rules before its first commit. */
export function readRepository(root: string): RepositoryFile[] {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const paths = [...new Set(listed.split("\0"))].filter(
    (path) => path !== "" && existsSync(join(root, path)),
  );
  return paths.sort().map((path) => readOne(root, path));
}

function readOne(root: string, path: string): RepositoryFile {
  const bytes = readFileSync(join(root, path));
  return {
    path,
    text: bytes.includes(0) ? "" : bytes.toString("utf8"),
    executable: (statSync(join(root, path)).mode & 0o111) !== 0,
  };
}

/** TypeScript and JavaScript sources, generated ones included. */
export function isSource(path: string): boolean {
  return /\.(tsx?|js)$/.test(path) && !isTestData(path);
}

/** Tests, and `test-<what>.ts`: what several tests of a folder share. */
export function isTest(path: string): boolean {
  return path.endsWith(".test.ts") || isTestSupport(path);
}

/** What tests share and production code may not import. */
export function isTestSupport(path: string): boolean {
  return /(^|\/)test-[^/]+\.ts$/.test(path);
}

export function isGenerated(path: string): boolean {
  return path.includes("/gen/") && !isTestData(path);
}

/** Inputs and expected outputs of tests: they show what the tool makes, not how we write. */
export function isTestData(path: string): boolean {
  return path.includes("/testdata/");
}

/** Line number, from 1, of an offset in a text. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/** One finding for every match of `pattern` (with the `g` flag) in the file. */
export function findPattern(
  file: RepositoryFile,
  pattern: RegExp,
  message: (found: string) => string,
): Finding[] {
  return [...file.text.matchAll(pattern)].map((match) => ({
    path: file.path,
    line: lineAt(file.text, match.index),
    message: message(match[0]),
  }));
}
