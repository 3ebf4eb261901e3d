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
const TEST_FOLDERS = /^(e2e|bench|tools|kit\/testing)\//;

/** Test doubles and helpers (`@mall/kit/testing`, `test-<what>.ts`) stay out of what serves customers. */
export const testingInProduction: Rule = {
  name: "production code imports nothing made for tests",
  check: (files) =>
    files
      .filter(({ path }) => isSource(path) && !isTest(path) && !TEST_FOLDERS.test(path))
      .flatMap(importsForTests),
};

function importsForTests(file: RepositoryFile): Finding[] {
  return importsOf(file)
    .filter(
      ({ specifier }) =>
        specifier === "@mall/kit/testing" || isTestSupport(join(dirname(file.path), specifier)),
    )
    .map(({ line, specifier }) => ({ path: file.path, line, message: `${specifier} is for tests` }));
}
