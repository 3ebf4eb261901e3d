import { test } from "node:test";
import { assertFinds, plantFiles } from "./planted.ts";
import { typeEscapes } from "./type-escapes.ts";

test("comments that silence the compiler are found; a test may expect a type error", () => {
  const files = {
    "a.ts": "// @ts-ignore\nf(1);\n// @ts-expect-error wrong on purpose\nf(2);\n",
    "a.test.ts": "// @ts-expect-error wrong on purpose\nf(2);\n",
    "b.ts": "// biome-ignore lint/suspicious/noExplicitAny: quicker\nlet x: any;\n",
  };
  assertFinds(typeEscapes, plantFiles(files), ["a.ts:1", "a.ts:3", "b.ts:1"]);
});

test("a cast of a cast without a reason is found, any in generated files too", () => {
  const files = {
    "a.ts": "const x = y as unknown as string;\n",
    "b.ts": "// The driver's types leave the buffer out.\nconst x = y as unknown as string;\n",
    "services/pay/rpc/gen/pay.ts": "\nlet z: any;\n",
  };
  assertFinds(typeEscapes, plantFiles(files), ["a.ts:1", "services/pay/rpc/gen/pay.ts:2"]);
});
