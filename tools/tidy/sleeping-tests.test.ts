import { test } from "node:test";
import { assertFinds, plantFiles } from "./planted.ts";
import { sleepingTests } from "./sleeping-tests.ts";

test("fixed pauses of 100 ms or more are found, polling steps and deadlines are not", () => {
  const text = [
    "await setTimeout(500);",
    "await new Promise((resolve) => setTimeout(resolve, 100));",
    "await new Promise((done) => { setTimeout(() => done(1), 2_000); });",
    "await setTimeout(10);",
    "await new Promise((resolve) => setTimeout(resolve, 20));",
    'await new Promise((resolve, reject) => setTimeout(() => reject(new Error("late")), 5_000));',
  ].join("\n");
  const places = [1, 2, 3].map((line) => `a.test.ts:${line}`);
  assertFinds(sleepingTests, plantFiles({ "a.test.ts": text, "a.ts": text }), places);
});
