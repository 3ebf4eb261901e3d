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

test("a test of its folder may have a name of its own", () => {
  const importing = (...names: string[]) =>
    names.map((name, index) => `import { a${index} } from "${name}";\n`).join("");
  const files = {
    "kit/rpc/conformance.test.ts": importing("node:test", "./a.ts", "./b.ts"),
    "kit/rpc/rooms.test.ts": importing("node:test", "./streams/a.ts", "./mux/b.ts"),
    "kit/rpc/area.test.ts": importing("node:test", "./index.ts"),
    "kit/rpc/world.test.ts": importing("node:test", "./test-world.ts"),
    "kit/rpc/alone.test.ts": importing("node:test", "fast-check", "./a.ts"),
    "kit/rpc/elsewhere.test.ts": importing("node:test", "../index.ts", "../rest/test-server.ts"),
  };
  assertFinds(misplacedTests, plantFiles(files), ["kit/rpc/alone.test.ts:0", "kit/rpc/elsewhere.test.ts:0"]);
});
