import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { runCli } from "./run-cli.ts";

const WRITTEN = "type A{\nX int\n}";
const LAID_OUT = "type A {\n\tX int\n}\n";

test("mallctl api format lays out the files of a folder, tells of those that are wrong, and can check only", async (t) => {
  const dir = await mkdtemp(join(tmpdir(), "mallctl-"));
  t.after(() => rm(dir, { recursive: true }));
  await mkdir(join(dir, "parts"));
  const files = { "a.api": WRITTEN, "parts/b.api": LAID_OUT, "c.api": "type {", "d.txt": WRITTEN };
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
  const format = async (...args: string[]): Promise<{ code: number; out: string[]; err: string }> => {
    const out: string[] = [];
    let err = "";
    const output = {
      out: (line: string) => out.push(line),
      err: (text: string) => {
        err += text;
      },
    };
    return { code: await runCli(["api", "format", ...args], output), out, err };
  };
  const wrong = `${join(dir, "c.api")}:1:6: `;

  const checked = await format("-dir", dir, "--check");
  assert.equal(checked.code, 1);
  assert.equal(await readFile(join(dir, "a.api"), "utf8"), WRITTEN);
  const [first, second, ...rest] = checked.err.trimEnd().split("\n");
  assert.equal(first, `${join(dir, "a.api")}: not laid out as mallctl api format does it`);
  assert.ok(second?.startsWith(wrong));
  assert.deepEqual([rest, checked.out], [[], []]);

  const done = await format("-dir", dir, "-iu", "-declare");
  assert.equal(done.code, 1);
  assert.ok(done.err.startsWith(wrong));
  assert.deepEqual(done.out, [join(dir, "a.api")]);
  for (const [name, text] of Object.entries({ ...files, "a.api": LAID_OUT }))
    assert.equal(await readFile(join(dir, name), "utf8"), text);

  assert.deepEqual(await format("-dir", join(dir, "a.api"), "--check"), { code: 0, out: [], err: "" });
  assert.deepEqual(await format("-dir", join(dir, "none")), {
    code: 1,
    out: [],
    err: `${join(dir, "none")}: no such file\n`,
  });
  assert.equal((await format()).code, 2);
});

test("mallctl api format reads a contract from the standard input", () => {
  const cli = join(import.meta.dirname, "../cli.ts");
  const formatted = (input: string) =>
    spawnSync(process.execPath, [cli, "api", "format", "-stdin"], { input, encoding: "utf8" });
  assert.equal(formatted(WRITTEN).stdout, LAID_OUT);
  const refused = formatted("type {");
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /^stdin:1:6: /);
});
