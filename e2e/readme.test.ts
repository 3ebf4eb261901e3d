import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { startTestMall } from "./support/mall.ts";
import {
  commandBlocks,
  linkedPaths,
  markedBlock,
  markedFirstCells,
  ROOT,
  readDocument,
} from "./support/readme-commands.ts";

const DOCUMENTS = [
  "README.md",
  "README.zh-CN.md",
  "ARCHITECTURE.md",
  "CONTRIBUTING.md",
  "docs/compatibility.md",
  "docs/configuration.md",
];
const GATEWAY = "http://127.0.0.1:8888";

const run = promisify(execFile);
const english = readDocument("README.md");
const chinese = readDocument("README.zh-CN.md");

describe("the README", () => {
  it("tells a journey that ends with a paid order", { skip: missingTool() }, async () => {
    const commands = markedBlock(english, "journey");
    assert.equal(commands.split(GATEWAY).length, 2, "the gateway is named once");
    const mall = await startTestMall();
    try {
      // `-e`: no command may fail. A proxy of the machine is not for loopback.
      const { stdout } = await run("sh", ["-ec", commands.replace(GATEWAY, mall.url)], {
        env: { ...process.env, no_proxy: "127.0.0.1" },
      });
      assert.deepEqual(stdout.trim().split("\n"), [
        '{"id":1,"name":"ving","gender":1,"mobile":"15212230311"}',
        "{}",
        '{"id":1,"uid":1,"pid":1,"amount":500,"status":1}',
      ]);
    } finally {
      await mall.stop();
    }
    assert.ok(english.includes('{"id":1,"uid":1,"pid":1,"amount":500,"status":1}'), "and shows that order");
  });

  it("gives the same commands in Chinese, byte for byte", () => {
    assert.deepEqual(commandBlocks(chinese), commandBlocks(english));
    assert.deepEqual(markedFirstCells(chinese, "commands"), markedFirstCells(english, "commands"));
  });

  it("lists the commands that mall has", async () => {
    const { stdout } = await run(process.execPath, [join(ROOT, "cli/main.ts"), "--help"]);
    const [, listed = ""] = stdout.split("Commands:\n");
    const names = [...listed.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name);
    const told = markedFirstCells(english, "commands").map((cell) => cell.slice("`npx mall ".length, -1));
    assert.deepEqual(told.toSorted(), names.filter((name) => name !== "help").toSorted());
  });
});

describe("the documents", () => {
  for (const path of DOCUMENTS) {
    it(`${path} links only to what is there`, () => {
      const missing = linkedPaths(readDocument(path)).filter(
        (target) => !existsSync(join(ROOT, dirname(path), target)),
      );
      assert.deepEqual(missing, []);
    });

    it(`${path} names only npm scripts that there are`, () => {
      const { scripts } = JSON.parse(readDocument("package.json")) as { scripts: Record<string, string> };
      const named = [...readDocument(path).matchAll(/\bnpm run ([a-z:-]+)/g)].map(([, name = ""]) => name);
      assert.deepEqual(
        named.filter((name) => !(name in scripts)),
        [],
      );
    });
  }
});

/** Why the journey cannot be played here, or false. */
function missingTool(): string | false {
  const missing = ["sh", "curl", "sed"].filter((tool) => spawnSync(tool, ["--version"]).error !== undefined);
  return missing.length > 0 && `needs ${missing.join(", ")}`;
}
