import { test } from "node:test";
import { fileModes } from "./file-modes.ts";
import { assertFinds, plantFiles } from "./planted.ts";

test("a script without the mode bit and a text with it are found", () => {
  const texts = { run: "#!/bin/sh\n", "lost.js": "#!/usr/bin/env node\n", "a.ts": "x;\n", "b.ts": "x;\n" };
  assertFinds(fileModes, plantFiles(texts, ["run", "b.ts"]), ["lost.js:1", "b.ts:1"]);
});
