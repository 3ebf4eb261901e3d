import { test } from "node:test";
import { kitDocs } from "./kit-docs.ts";
import { assertFinds, plantFiles } from "./planted.ts";

test("an exported declaration without a doc comment of its own is found", () => {
  const text = [
    "/** Says what it is. */",
    "export const a = 1;",
    "export function b() {}",
    "// A plain comment is for readers of the body.",
    "export interface C {}",
    "const d = 2;",
    'export { e } from "./e.ts";',
  ].join("\n");
  const files = {
    "kit/rpc/a.ts": text,
    "kit/jobs/model/gen/job-model.ts": text,
    "services/pay/rpc/a.ts": text,
  };
  assertFinds(kitDocs, plantFiles(files), ["kit/rpc/a.ts:3", "kit/rpc/a.ts:5"]);
});

test("options and types of a documented value speak for themselves", () => {
  const text = [
    "export interface ServerOptions {}",
    "/** The codes. */",
    "export const CODES = {};",
    "export type Code = keyof typeof CODES;",
    "export const OTHERS = {};",
    "export type Other = keyof typeof OTHERS;",
    "/** A sample. */",
    "export interface Sample {}",
    "export const Sample = 1;",
  ].join("\n");
  assertFinds(kitDocs, plantFiles({ "kit/rpc/a.ts": text }), ["kit/rpc/a.ts:5", "kit/rpc/a.ts:6"]);
});
