import { test } from "node:test";
import { machineFacts } from "./machine-facts.ts";
import { assertFinds, plantFiles } from "./planted.ts";

test("a path of one machine and a registry's host are found in any file", () => {
  const files = {
    "a.md": `see ${["", "home", "me", "mall"].join("/")}\n`,
    "b.md": `npm config set ${"registry"}.example.com\n`,
    "c.md": "https://example.com/home/page and and/or/home/ and ./work/\n",
  };
  assertFinds(machineFacts, plantFiles(files), ["a.md:1", "b.md:1"]);
});
