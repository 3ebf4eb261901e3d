import assert from "node:assert/strict";
import { test } from "node:test";
import { plantFiles } from "../tidy/planted.ts";
import { castsIn, functionsIn } from "./functions.ts";

const TEXT = `export function sum(a: number, b: number): number {
  return a + b;
}
const twice = (a: number) => a * 2;
class Shop {
  open(): void {}
}
[1].map((a) => a + 1);
[1].map((a) => {
  return a as unknown;
});
export const KINDS = ["a"] as const;
`;

test("functions count that have a name or several lines; casts but for as const", () => {
  const [file] = plantFiles({ "kit/x.ts": TEXT });
  assert.ok(file);
  assert.deepEqual(functionsIn(file), [
    { lines: 3, params: 2 },
    { lines: 1, params: 1 },
    { lines: 1, params: 0 },
    { lines: 3, params: 1 },
  ]);
  assert.equal(castsIn(file), 1);
});
