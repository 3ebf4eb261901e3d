import { basename, dirname, join } from "node:path/posix";
import { type Finding, isTest, type RepositoryFile, type Rule } from "./repository.ts";

/** Journeys over the whole system and checks of the repository itself belong to no single source file. */
const STANDALONE = /^(e2e|bench)\/|^tools\/[^/]+$/;
const ELSEWHERE = /(^|\/)(__tests__|tests?)\/|\.(spec|tests)\.ts$/;

/** `file.ts` has its tests beside it in `file.test.ts`, or `file.<outcome>.test.ts` once they are many. */
export const testPlacement: Rule = {
  name: "tests sit beside what they test",
  check(files) {
    const paths = new Set(files.map(({ path }) => path));
    const folders = new Set(files.map(({ path }) => dirname(path)));
    return files.flatMap((file) => misplaced(file, (path) => paths.has(path) || folders.has(path)));
  },
};

function misplaced({ path }: RepositoryFile, exists: (path: string) => boolean): Finding[] {
  if (!path.endsWith(".ts") || path.includes("/testdata/")) return [];
  if (ELSEWHERE.test(path) && isTestName(path))
    return [{ path, line: 0, message: "put the test beside its source as <file>.test.ts" }];
  if (!isTest(path) || STANDALONE.test(path)) return [];
  const name = basename(path).split(".")[0] ?? "";
  const beside = join(dirname(path), name);
  const isArea = basename(dirname(path)) === name;
  if (isArea || exists(`${beside}.ts`) || exists(`${beside}.js`) || exists(beside)) return [];
  return [{ path, line: 0, message: `tests nothing beside it: there is no ${beside}.ts` }];
}

function isTestName(path: string): boolean {
  return /\.(test|spec|tests)\.ts$/.test(path);
}
