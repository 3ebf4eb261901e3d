import { test } from "node:test";
import { misplacedTests } from "./misplaced-tests.ts";
import { assertFinds, plantFiles } from "./planted.ts";

test("a test without its source beside it, in a folder of tests or by another name is found", () => {
  const paths = [
    "kit/rpc/client.ts",
    "kit/rpc/client.test.ts",
    "kit/rpc/client.deadline.test.ts",
    "kit/rpc/server.test.ts",
    "kit/rpc/__tests__/client.test.ts",
    "kit/rpc/client.spec.ts",
    "e2e/checkout.test.ts",
  ];
  const files = plantFiles(Object.fromEntries(paths.map((path) => [path, ""])));
  assertFinds(misplacedTests, files, [
    "kit/rpc/server.test.ts:0",
    "kit/rpc/__tests__/client.test.ts:0",
    "kit/rpc/client.spec.ts:0",
  ]);
});

test("a test of several siblings together may have a name of its own", () => {
  const together = 'import { a } from "./a.ts";\nimport { b } from "./b.ts";\n';
  const files = {
    "kit/rpc/conformance.test.ts": together,
    "kit/rpc/alone.test.ts": 'import { a } from "./a.ts";\n',
  };
  assertFinds(misplacedTests, plantFiles(files), ["kit/rpc/alone.test.ts:0"]);
});
