import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";

test("a process that makes no cache loads no Redis client", async () => {
  const script = `
    await import("@mall/kit/cache");
    const { createRequire } = await import("node:module");
    process.stdout.write(Object.keys(createRequire(process.cwd() + "/").cache).filter((path) => path.includes("redis")).join());`;
  const args = ["--input-type=module", "--eval", script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname });
  assert.equal(stdout, "");
});
