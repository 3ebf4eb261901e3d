import { basename, dirname, join } from "node:path/posix";
import { type Finding, isTestData, type RepositoryFile, type Rule } from "./repository.ts";
import { importsOf } from "./syntax.ts";

/** Journeys over the whole system and checks of the repository itself belong to no single source file. */
const STANDALONE = /^(e2e|bench)\/|^tools\/[^/]+$/;
const ELSEWHERE = /(^|\/)(__tests__|tests?)\/.*\.test\.ts$|\.(spec|tests)\.ts$/;

/**
 * `file.ts` has its tests beside it in `file.test.ts`, or `file.<outcome>.test.ts` once they are many. A test
 * with a name of its own tests its folder: several files of it, all of them by their index, or what a `test-*.ts`
 * sets up of them.
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
  if (paths.has(`${source}.ts`) || paths.has(`${source}.js`) || testsItsFolder(file)) return [];
  return [
    {
      path,
      line: 0,
      message: `tests neither ${source}.ts, which does not exist, nor its folder`,
    },
  ];
}

function testsItsFolder(file: RepositoryFile): boolean {
  const own = new Set(
    importsOf(file).flatMap(({ specifier }) => (specifier.startsWith("./") ? [specifier] : [])),
  );
  return own.size >= 2 || [...own].some((specifier) => /^\.\/(index|test-[^/]+)\.ts$/.test(specifier));
}
