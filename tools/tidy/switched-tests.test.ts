import { test } from "node:test";
import { assertFinds, plantFiles } from "./planted.ts";
import { switchedTests } from "./switched-tests.ts";

test("a test that runs alone, is put off or is skipped without a reason is found", () => {
  const text = [
    'test.only("a", () => {});',
    'describe("b", { only: true }, () => {});',
    'it.skip("c", () => {});',
    'test("d", { skip: true }, () => {});',
    'test("e", (t) => t.skip());',
    'test("f", { todo: true }, () => {});',
    'test("j", { skip: dialect !== "mysql" }, () => {});',
    'test("k", { skip: dialect === "mysql" ? false : "MySQL only" }, () => {});',
    'test("g", { skip: "no server here" }, () => {});',
    'test("h", { skip: server.skipped }, () => {});',
    'test("i", (t) => t.skip("no server here"));',
    "query.skip(1);",
  ].join("\n");
  const places = [1, 2, 3, 4, 5, 6, 7].map((line) => `a.test.ts:${line}`);
  assertFinds(switchedTests, plantFiles({ "a.test.ts": text }), places);
});
