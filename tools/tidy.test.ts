import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { rules } from "./tidy/index.ts";
import { readRepository } from "./tidy/repository.ts";

const files = readRepository(join(import.meta.dirname, ".."));

describe("the repository keeps the house rules", () => {
  for (const rule of rules) {
    test(rule.name, () => {
      const findings = rule.check(files).map(({ path, line, message }) => `${path}:${line} ${message}`);
      assert.equal(findings.length, 0, `\n${findings.join("\n")}\n`);
    });
  }
});
