import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";

/** An empty folder that is removed after the suite (or test file) it is made in. */
export function createTestFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "mall-test-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
