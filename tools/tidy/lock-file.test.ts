import { test } from "node:test";
import { lockFile } from "./lock-file.ts";
import { assertFinds, plantFiles } from "./planted.ts";

test("a platform without an entry and a place to fetch from are found", () => {
  const lock = {
    packages: {
      "node_modules/tool": { optionalDependencies: { "tool-linux": "1.0.0", "tool-darwin": "1.0.0" } },
      "node_modules/tool-linux": { resolved: `https${":"}//example.com/tool-linux.tgz` },
      "node_modules/@mall/kit": { resolved: "kit" },
    },
  };
  const text = JSON.stringify(lock, undefined, 2);
  const line = text.split("\n").findIndex((one) => one.includes("example.com")) + 1;
  assertFinds(lockFile, plantFiles({ "package-lock.json": text }), [
    "package-lock.json:0",
    `package-lock.json:${line}`,
  ]);
});
