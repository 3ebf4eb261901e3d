import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const LINES = 100;
const PRINTING = `
import { outliveReaders } from "@mall/kit/runtime";
import { print } from "${pathToFileURL(join(import.meta.dirname, "print.ts")).href}";
outliveReaders();
let keptMax = 0;
for (let line = 0; line < ${LINES}; line += 1) {
  await print(["x".repeat(65_536)]);
  keptMax = Math.max(keptMax, process.stdout.writableLength);
}
process.stderr.write(String(keptMax));
`;

const start = () =>
  spawn(process.execPath, ["--input-type=module", "-e", PRINTING], {
    cwd: import.meta.dirname,
    stdio: ["ignore", "pipe", "pipe"],
  });

test("what is printed is not kept until a slow reader has time for it", async () => {
  const child = start();
  const [said, kept] = await Promise.all([text(child.stdout), text(child.stderr)]);
  assert.equal(said.length, LINES * 65_537);
  assert.equal(kept, "0");
});

test("who prints goes on where nobody reads", async () => {
  const child = start();
  const kept = text(child.stderr);
  await once(child.stdout, "data");
  child.stdout.destroy();
  assert.deepEqual(await once(child, "close"), [0, null]);
  assert.match(await kept, /^\d+$/);
});
