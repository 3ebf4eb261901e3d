import { test } from "node:test";
import { machineFacts } from "./machine-facts.ts";
import { assertFinds, plantFiles } from "./planted.ts";

test("a path of one machine and a registry's host are found in any file", () => {
  const files = {
    "a.md": `see ${["", "home", "me", "mall"].join("/")}\n`,
    "package-lock.json": `{\n  "resolved": "https${":"}//example.com/a.tgz"\n}\n`,
    "b.md": `npm config set ${"registry"}.example.com\n`,
    "c.md": "https://example.com/home/page and and/or/home/ and ./work/\n",
  };
  assertFinds(machineFacts, plantFiles(files), ["a.md:1", "package-lock.json:2", "b.md:1"]);
});
