import { basename, dirname, join } from "node:path/posix";
import { type Finding, isTestData, type RepositoryFile, type Rule } from "./repository.ts";
import { importsOf } from "./syntax.ts";

/** Journeys over the whole system and checks of the repository itself belong to no single source file. */
const STANDALONE = /^(e2e|bench)\/|^tools\/[^/]+$/;
const ELSEWHERE = /(^|\/)(__tests__|tests?)\/.*\.test\.ts$|\.(spec|tests)\.ts$/;

/**
 * `file.ts` has its tests beside it in `file.test.ts`, or `file.<outcome>.test.ts` once they are many. A test
 * with a name of its own tests several of its siblings together.
 */
export const misplacedTests: Rule = {
  name: "tests sit beside what they test",
  check(files) {
    const paths = new Set(files.map(({ path }) => path));
    return files
      .filter(({ path }) => path.endsWith(".ts") && !isTestData(path))
      .flatMap((file) => misplaced(file, paths));
  },
};

function misplaced(file: RepositoryFile, paths: ReadonlySet<string>): Finding[] {
  const { path } = file;
  if (ELSEWHERE.test(path))
    return [{ path, line: 0, message: "put the test beside its source as <file>.test.ts" }];
  if (!path.endsWith(".test.ts") || STANDALONE.test(path)) return [];
  const source = join(dirname(path), basename(path).split(".")[0] ?? "");
  if (paths.has(`${source}.ts`) || paths.has(`${source}.js`) || siblingsTested(file) >= 2) return [];
  return [
    {
      path,
      line: 0,
      message: `tests neither ${source}.ts, which does not exist, nor several files beside it`,
    },
  ];
}

function siblingsTested(file: RepositoryFile): number {
  const siblings = importsOf(file).filter(({ specifier }) => dirname(specifier) === ".");
  return new Set(siblings.map(({ specifier }) => specifier)).size;
}
