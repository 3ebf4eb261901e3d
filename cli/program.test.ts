import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runMall, startCommand } from "./testing/run-mall.ts";
import { testFolder } from "./testing/test-mall.ts";

const COMMANDS = ["up", "serve", "migrate", "demo", "doctor", "admin", "token", "verify"];

describe("the mall command", { concurrency: 3, timeout: 300_000 }, () => {
  test("lists its commands", async (t) => {
    const { code, stdout } = await runMall(["--help"], { cwd: testFolder(t) });
    assert.equal(code, 0);
    for (const command of COMMANDS) assert.match(stdout, new RegExp(`^ {2}${command}\\b`, "m"));
  });

  for (const command of COMMANDS) {
    test(`explains ${command}`, async (t) => {
      const { code, stdout } = await runMall([command, "--help"], { cwd: testFolder(t) });
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`^Usage: mall ${command} `));
    });
  }

  test("does what it is asked to without a word where nobody reads what it says", async (t) => {
    const running = startCommand(["--help"], { cwd: testFolder(t) });
    running.process.stdout?.destroy();
    const { code, stderr } = await running.finished;
    assert.deepEqual([code, stderr], [0, ""]);
  });

  for (const args of [["nonsense"], ["up", "--nonsense"], ["serve", "nonsense"], ["admin"], []]) {
    test(`exits with 2 for the wrong command line "mall ${args.join(" ")}"`, async (t) => {
      const { code, stderr } = await runMall(args, { cwd: testFolder(t) });
      assert.equal(code, 2);
      assert.notEqual(stderr, "");
    });
  }
});
