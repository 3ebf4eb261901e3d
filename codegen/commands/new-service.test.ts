import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { makeService } from "./new-service.ts";

const ROOT = join(import.meta.dirname, "../..");
const run = promisify(execFile);

test("a new service type-checks as it is, in a mall and outside of one", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "mallctl-new-"));
  context.after(() => rm(folder, { recursive: true }));
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  await writeFile(
    join(folder, "tsconfig.json"),
    JSON.stringify({ extends: join(ROOT, "tsconfig.json"), include: ["services", "alone"] }),
  );
  await mkdir(join(folder, "services/user"), { recursive: true });
  await writeFile(join(folder, "services/user/service.ts"), "export {};\n");
  const written = await makeService({ name: "review", dir: join(folder, "services") });
  assert.ok(written.includes(join(folder, "services/review/rpc/logic/create.ts")), written.join("\n"));
  const alone = await makeService({ name: "note", dir: join(folder, "alone") });
  assert.ok(alone.includes(join(folder, "alone/note/serve.ts")), alone.join("\n"));
  const tsc = join(ROOT, "node_modules/.bin/tsc");
  await run(process.execPath, [tsc, "--noEmit", "-p", folder]).catch(({ stdout }: { stdout: string }) =>
    assert.fail(stdout),
  );
});
