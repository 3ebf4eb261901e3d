import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ROOT } from "./support/readme-commands.ts";

const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** What a command is given that it cannot do, and what it says to that. */
const WRONG: Readonly<Record<string, readonly [args: string, told: RegExp]>> = {
  chaos: ["nothing-is-called-so", /^no fault's name contains nothing-is-called-so$/],
  crashes: ["--kills many", /^--kills must be a whole number from 1 on, not many$/],
  cluster: ["--minutes x", /^--minutes must be a number from 0 on, not x$/],
  sim: ["--seeds=-1", /^--seeds must be a whole number from 0 on, not -1$/],
  "sim:mutants": ["nothing-is-called-so", /^no mistake's name contains nothing-is-called-so$/],
  bench: ["--rounds 0", /^--rounds must be a whole number from 1 on, not 0$/],
  "bench:split": ["more", /^Unexpected argument 'more'; --help names the options$/],
  "bench:jobs": ["--due 1.5", /^--due must be a whole number from 1 on, not 1\.5$/],
};

describe("a command that npm runs", { concurrency: 2, timeout: 120_000 }, () => {
  for (const [name, [args, told]] of Object.entries(WRONG)) {
    it(`says in one line why it cannot do ${name} ${args}`, async () => {
      const [, file = ""] = /^node (\S+)$/.exec(scripts[name] ?? "") ?? [];
      const { code, stderr } = await run(file, args.split(" "));
      assert.equal(code, 2, stderr);
      assert.match(stderr.trimEnd(), told);
    });
  }
});

function run(file: string, args: readonly string[]): Promise<{ code: unknown; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [file, ...args], { cwd: ROOT }, (error, _stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, stderr }),
    );
  });
}
