import { dirname, join } from "node:path/posix";
import {
  type Finding,
  isSource,
  isTest,
  isTestSupport,
  type RepositoryFile,
  type Rule,
} from "./repository.ts";
import { importsOf } from "./syntax.ts";

/** Folders that exist to run tests and measurements. */
/** The last two are commands of npm, whose simulation runs in modules of its own. */
const TEST_FOLDERS = /^(e2e|bench|tools|[a-z]+\/testing)\/|^sim\/(main|mutants)\.ts$/;

/** Test doubles and helpers (`testing` folders, `test-<what>.ts`) stay out of what serves customers. */
export const testingInProduction: Rule = {
  name: "production code imports nothing made for tests",
  check: (files) =>
    files
      .filter(({ path }) => isSource(path) && !isTest(path) && !TEST_FOLDERS.test(path))
      .flatMap(importsForTests),
};

function importsForTests(file: RepositoryFile): Finding[] {
  return importsOf(file)
    .filter(({ specifier }) => isForTests(specifier, join(dirname(file.path), specifier)))
    .map(({ line, specifier }) => ({ path: file.path, line, message: `${specifier} is for tests` }));
}

function isForTests(specifier: string, path: string): boolean {
  return specifier.endsWith("/testing") || /(^|\/)testing\//.test(path) || isTestSupport(path);
}
