import { test } from "node:test";
import { kitAreas } from "./kit-areas.ts";
import { assertFinds, plantFiles } from "./planted.ts";

test("an area may not use one above it, nor reach into another's files", () => {
  const text =
    'import "@mall/kit/errors";\nimport "@mall/kit/rest";\nimport "../errors/code.ts";\nimport "./own.ts";\n';
  assertFinds(kitAreas, plantFiles({ "kit/store/database.ts": text }), [
    "kit/store/database.ts:2",
    "kit/store/database.ts:3",
  ]);
});

test("an area that the table does not name is an error", () => {
  assertFinds(kitAreas, plantFiles({ "kit/misc/x.ts": "" }), ["kit/misc/x.ts:0"]);
});
