import { test } from "node:test";
import { determinism } from "./determinism.ts";
import { assertFinds, plantFiles } from "./planted.ts";

const text = [
  "const a = Date.now();",
  "const b = new Date();",
  "const c = Math.random();",
  "setTimeout(f, 5);",
  'import { randomBytes } from "node:crypto";',
  "const d = crypto.randomUUID();",
  "const clock = Date.now;",
  'import { setTimeout as wait } from "node:timers/promises";',
  "const e = new Date(runtime.now());",
  'import { createHmac } from "node:crypto";',
  "runtime.setImmediate(f);",
].join("\n");

test("every direct read of the machine's clock, chance and timers is found", () => {
  const places = [1, 2, 3, 4, 5, 6, 7, 8].map((line) => `kit/rest/token.ts:${line}`);
  assertFinds(determinism, plantFiles({ "kit/rest/token.ts": text }), places);
});

test("the system runtime, tests and the command line may read them", () => {
  const files = {
    "kit/runtime/runtime.ts": text,
    "services/pay/rpc/main.test.ts": text,
    "cli/main.ts": text,
  };
  assertFinds(determinism, plantFiles(files), []);
});
