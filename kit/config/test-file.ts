import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTestFolder } from "@mall/kit/testing";

const folder = createTestFolder();

/** Writes a file into a folder of its own; for tests. */
export function fileWith(text: string, name = "test.yaml"): string {
  const path = join(mkdtempSync(join(folder, "config-")), name);
  writeFileSync(path, text);
  return path;
}
