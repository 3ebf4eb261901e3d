import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { systemRuntime } from "@mall/kit/runtime";
import { openDatabase } from "@mall/kit/store";
import { createTestFolder } from "@mall/kit/testing";
import { databasePathIn, ensureAccessSecret, readAccessSecret } from "./data-dir.ts";

/** A disk of 64 KiB that nothing fits on any more; undefined where none can be mounted. */
function fullDisk(t: TestContext): string | undefined {
  const folder = createTestFolder();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  t.after(() => execFileSync("umount", ["--lazy", folder], { stdio: "ignore" }));
  assert.throws(() => writeFileSync(join(folder, "filler"), Buffer.alloc(1024 * 1024)));
  return folder;
}

describe("the secret of a data folder", () => {
  test("is made once, for its owner alone", () => {
    const folder = createTestFolder();
    const secret = ensureAccessSecret(folder, systemRuntime);
    assert.ok(secret.length >= 32);
    assert.equal(ensureAccessSecret(folder, systemRuntime), secret);
    assert.equal(statSync(join(folder, "access-secret")).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder), ["access-secret"]);
  });

  test("is whole or not there where the disk is full, and is made once there is room", (t) => {
    const folder = fullDisk(t);
    if (folder === undefined) return t.skip("no disk may be mounted here");
    assert.throws(() => ensureAccessSecret(folder, systemRuntime), {
      code: "FAILED_PRECONDITION",
      message: /access-secret cannot be written: make room on its disk/,
    });
    assert.deepEqual(readdirSync(folder), ["filler"]);
    writeFileSync(join(folder, "filler"), "");
    const secret = ensureAccessSecret(folder, systemRuntime);
    assert.equal(readAccessSecret(folder), secret);
  });

  test("that is empty or cut is named, with what to do, and never taken for one", () => {
    for (const text of ["", "\n", "short"]) {
      const folder = createTestFolder();
      writeFileSync(join(folder, "access-secret"), text);
      assert.throws(() => ensureAccessSecret(folder, systemRuntime), {
        reason: "ACCESS_SECRET_UNUSABLE",
        message:
          /access-secret holds no secret of 8 characters or more: put the old one back, or remove the file/,
      });
      assert.equal(readFileSync(join(folder, "access-secret"), "utf8"), text);
    }
  });
});

test("the files of a database are their owner's alone, whatever the umask and their rights were", async (t) => {
  const umask = process.umask(0);
  t.after(() => process.umask(umask));
  const folder = createTestFolder();
  const path = databasePathIn(folder);
  for (const isNew of [true, false]) {
    if (!isNew) execFileSync("chmod", ["666", path]);
    const database = await openDatabase({ dataSource: `sqlite:${path}`, runtime: systemRuntime });
    await database.write({ sql: "CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY)", parameters: [] });
    const modes = readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mode & 0o777]);
    assert.deepEqual(Object.fromEntries(modes), {
      "mall.db": 0o600,
      "mall.db-shm": 0o600,
      "mall.db-wal": 0o600,
    });
    await database.close();
  }
});
