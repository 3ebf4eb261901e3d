import { test } from "node:test";
import { leftoverMarks } from "./leftover-marks.ts";
import { assertFinds, plantFiles } from "./planted.ts";

test("a mark is found in any kind of file, inside a longer word it is none", () => {
  const mark = ["TO", "DO"].join("");
  const files = { "a.ts": `const x = 1;\n// ${mark}: later\n`, "docs/b.md": `${mark}`, "c.ts": `m${mark}s` };
  assertFinds(leftoverMarks, plantFiles(files), ["a.ts:2", "docs/b.md:1"]);
});
