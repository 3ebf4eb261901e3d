import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An empty folder that is removed when this process ends. */
export function createTestFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "mall-test-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
