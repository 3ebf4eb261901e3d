import { test } from "node:test";
import { assertFinds, plantFiles } from "./planted.ts";
import { testingInProduction } from "./testing-in-production.ts";

test("only tests, what they share and the folders made for them use test helpers", () => {
  const text = 'import "@mall/kit/testing";\nimport "./test-server.ts";\nimport "./testing/run-mall.ts";\n';
  const paths = [
    "cli/main.ts",
    "cli/main.test.ts",
    "kit/rest/test-server.ts",
    "cli/testing/run-mall.ts",
    "e2e/support/mall.ts",
  ];
  const files = plantFiles(Object.fromEntries(paths.map((path) => [path, text])));
  assertFinds(testingInProduction, files, ["cli/main.ts:1", "cli/main.ts:2", "cli/main.ts:3"]);
});
