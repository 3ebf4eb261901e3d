import assert from "node:assert/strict";
import { test } from "node:test";
import { makeTemporaryFolder } from "./temporary-folder.ts";

test("a folder for temporary files in which nothing can be made is told in one line, with what to do", (t) => {
  const { TMPDIR } = process.env;
  t.after(() => {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  });
  process.env.TMPDIR = "/no/such/folder";
  assert.throws(() => makeTemporaryFolder("mall-"), {
    reason: "TEMPORARY_FOLDER_UNUSABLE",
    message: "nothing can be made in /no/such/folder: set TMPDIR to a folder for temporary files",
  });
});
