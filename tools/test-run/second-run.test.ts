import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { runTestFiles } from "./run-test-files.ts";
import { filesToRunAgain, UNKNOWN_FILE } from "./second-run.ts";

/** Test files, and a folder in which each can leave a mark for its next run. */
function testFiles(
  t: TestContext,
  texts: readonly string[],
): { files: string[]; env: NodeJS.ProcessEnv; report: string } {
  const folder = mkdtempSync(join(tmpdir(), "mall-second-run-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const files = texts.map((text, index) => {
    const file = join(folder, `${index}.test.mjs`);
    writeFileSync(
      file,
      `import { existsSync, writeFileSync } from "node:fs";\nimport { test } from "node:test";\n${text}`,
    );
    return file;
  });
  // The runner that this test runs under tells its children so by this variable.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  return { files, env: { ...env, MARK: join(folder, "mark") }, report: join(folder, "report") };
}

const PASSES = 'test("passes", () => {});';
const FAILS = 'test("fails", () => { throw new Error("always"); });';
const FAILS_ONCE =
  'test("fails once", () => { if (existsSync(process.env.MARK)) return; writeFileSync(process.env.MARK, ""); throw new Error("once"); });';
const FINDS_MONEY_WRONG =
  'test("money", () => { if (existsSync(process.env.MARK)) return; writeFileSync(process.env.MARK, ""); throw Object.assign(new Error("lost"), { name: "Violation" }); });';

/** Tests that are written in a file of their own, for test files to share. */
function shares(text: string): string {
  const imports =
    'import { existsSync, writeFileSync } from "node:fs"; import { before, describe, test } from "node:test";';
  const shared = JSON.stringify(`${imports} export function define() { ${text} }`);
  return `writeFileSync(new URL("shared.mjs", import.meta.url), ${shared}); (await import("./shared.mjs")).define();`;
}
/** Ends its runner as soon as that has written down that the first file failed. */
const KILLS_ITS_RUNNER = `import { globSync, readFileSync } from "node:fs"; import { tmpdir } from "node:os";
  const isWritten = () => globSync(tmpdir() + "/mall-test-run-*/outcomes")
    .some((path) => readFileSync(path, "utf8").includes(new URL("0.test.mjs", import.meta.url).pathname));
  test("kills", async () => {
    while (!isWritten()) await new Promise(setImmediate);
    process.kill(process.ppid, process.env.SIGNAL);
  });`;
const HOOK_FAILS =
  'describe("suite", () => { before(() => { throw new Error("hook"); }); test("never", () => {}); });';

describe("a run of test files", () => {
  test("is ok where all pass", async (t) => {
    const { files, env, report } = testFiles(t, [PASSES, PASSES]);
    assert.deepEqual(await runTestFiles(files, env, report), { isOk: true, flaky: [] });
  });

  test("runs a file that failed once more, and names it where it passes then", async (t) => {
    const { files, env, report } = testFiles(t, [PASSES, FAILS_ONCE]);
    assert.deepEqual(await runTestFiles(files, env, report), { isOk: true, flaky: [files[1]] });
  });

  test("names the file that ran what failed, not the one in which that is written", async (t) => {
    const { files, env, report } = testFiles(t, [PASSES, shares(FAILS_ONCE)]);
    assert.deepEqual(await runTestFiles(files, env, report), { isOk: true, flaky: [files[1]] });
  });

  test("fails where a hook that files share fails both times", async (t) => {
    const { files, env, report } = testFiles(t, [shares(HOOK_FAILS), PASSES]);
    assert.deepEqual(await runTestFiles(files, env, report), { isOk: false, flaky: [] });
  });

  test("fails where a file fails both times", async (t) => {
    const { files, env, report } = testFiles(t, [FAILS_ONCE, FAILS]);
    assert.deepEqual(await runTestFiles(files, env, report), { isOk: false, flaky: [] });
  });

  test("fails at once where money was found wrong", async (t) => {
    const { files, env, report } = testFiles(t, [FINDS_MONEY_WRONG]);
    assert.deepEqual(await runTestFiles(files, env, report), { isOk: false, flaky: [] });
  });

  test("runs a file again that ended without a word", async (t) => {
    const { files, env, report } = testFiles(t, [
      "process.exit(existsSync(process.env.MARK) ? 0 : (writeFileSync(process.env.MARK, ''), 3));",
    ]);
    assert.deepEqual(await runTestFiles(files, env, report), { isOk: true, flaky: files });
  });

  for (const signal of ["SIGKILL", "SIGTERM"])
    test(`fails where ${signal} ended it before all files had`, async (t) => {
      const { files, env, report } = testFiles(t, [
        FAILS_ONCE,
        KILLS_ITS_RUNNER,
        PASSES,
        PASSES,
        PASSES,
        PASSES,
      ]);
      const result = await runTestFiles(files, { ...env, SIGNAL: signal }, report);
      assert.deepEqual(result, { isOk: false, flaky: [] });
    });
});

test("more than three failed files are no accident", () => {
  const failed = (count: number): { file: string; error: string }[] =>
    Array.from({ length: count }, (_, index) => ({ file: `${index}.test.ts`, error: "Error" }));
  assert.equal(filesToRunAgain(failed(3), []).length, 3);
  assert.deepEqual(filesToRunAgain(failed(4), []), []);
});

test("nothing runs again where it is not known which file failed", () => {
  const known = { file: "a.test.ts", error: "Error" };
  assert.deepEqual(filesToRunAgain([known, { ...known, file: UNKNOWN_FILE }], []), []);
});

test("nothing runs again where a file never ended", () => {
  const failed = { file: "a.test.ts", error: "Error" };
  const asked = ["a.test.ts", "b.test.ts"];
  assert.deepEqual(filesToRunAgain([failed], asked), []);
  assert.deepEqual(filesToRunAgain([failed, { file: "b.test.ts" }], asked), ["a.test.ts"]);
});
