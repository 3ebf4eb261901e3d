import { test } from "node:test";
import { assertFinds, plantFiles } from "./planted.ts";
import { testPlacement } from "./test-placement.ts";

test("a test without its source beside it, in a folder of tests or by another name is found", () => {
  const paths = [
    "kit/rpc/client.ts",
    "kit/rpc/client.test.ts",
    "kit/rpc/client.deadline.test.ts",
    "kit/rpc/rpc.test.ts",
    "kit/rpc/server.test.ts",
    "kit/rpc/__tests__/client.test.ts",
    "kit/rpc/client.spec.ts",
    "e2e/checkout.test.ts",
  ];
  const files = plantFiles(Object.fromEntries(paths.map((path) => [path, ""])));
  assertFinds(testPlacement, files, [
    "kit/rpc/server.test.ts:0",
    "kit/rpc/__tests__/client.test.ts:0",
    "kit/rpc/client.spec.ts:0",
  ]);
});
