import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { findTestFiles } from "./find-test-files.ts";

const root = join(import.meta.dirname, "..", "..");

test("without a pattern every test file is selected, none of an installed package", () => {
  const files = findTestFiles(root, []);
  assert.ok(files.includes("tools/test-run/find-test-files.test.ts"));
  assert.ok(files.includes("tools/tidy.test.ts"));
  assert.ok(!files.some((file) => file.includes("node_modules")));
});

test("a path, a part of a path and a glob select the files they name", () => {
  const own = "tools/test-run/find-test-files.test.ts";
  assert.deepEqual(findTestFiles(root, [own]), [own]);
  assert.deepEqual(findTestFiles(root, ["./tools/test-run/find"]), [own]);
  assert.deepEqual(findTestFiles(root, ["tools/test-run/find*.test.ts"]), [own]);
  assert.deepEqual(findTestFiles(root, ["no such test"]), []);
});
