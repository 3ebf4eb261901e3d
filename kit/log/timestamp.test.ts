import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";

const MODULE = join(import.meta.dirname, "timestamp.ts");

function formattedIn(zone: string, epochMs: number): string {
  const script = `import { formatTimestamp } from ${JSON.stringify(MODULE)}; process.stdout.write(formatTimestamp(${epochMs}));`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    env: { ...process.env, TZ: zone },
    encoding: "utf8",
  });
  return stdout;
}

test("a timestamp is local time with its distance from UTC, as go-zero writes it", () => {
  const epochMs = Date.UTC(2024, 0, 2, 15, 4, 5, 7);
  assert.equal(formattedIn("UTC", epochMs), "2024-01-02T15:04:05.007Z");
  assert.equal(formattedIn("Asia/Shanghai", epochMs), "2024-01-02T23:04:05.007+08:00");
  assert.equal(formattedIn("America/St_Johns", epochMs), "2024-01-02T11:34:05.007-03:30");
});
