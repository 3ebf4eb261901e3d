import { test } from "node:test";
import { fileLength } from "./file-length.ts";
import { assertFinds, plantFiles } from "./planted.ts";

test("400 lines pass, 401 do not, generated files may be longer", () => {
  const lines = (count: number) => "x;\n".repeat(count);
  const files = { "a.ts": lines(400), "b.ts": lines(401), "services/pay/rpc/gen/pay.ts": lines(401) };
  assertFinds(fileLength, plantFiles(files), ["b.ts:401"]);
});
