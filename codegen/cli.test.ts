import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { fileURLToPath } from "node:url";

const MALLCTL = fileURLToPath(new URL("./bin/mallctl.js", import.meta.url));
const NAMES = ["apple", "pear", "plum"];

const protoOf = (name: string): string =>
  `syntax = "proto3";\npackage ${name};\noption go_package = "./${name}";\nmessage A { int64 id = 1; }\n` +
  `service ${name} { rpc Find(A) returns(A); }\n`;

it("mallctl writes all that it is asked for without a word where nobody reads what it says", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "mallctl-"));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const name of NAMES) {
    const rpc = join(folder, "services", name, "rpc");
    mkdirSync(rpc, { recursive: true });
    writeFileSync(join(rpc, `${name}.proto`), protoOf(name));
  }
  const mallctl = spawn(process.execPath, [MALLCTL, "generate"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  mallctl.stderr.on("data", (text) => (said += text));
  mallctl.stdout.destroy();
  const [code] = await once(mallctl, "close");
  assert.deepEqual([code, said], [0, ""]);
  for (const name of NAMES) assert.ok(existsSync(join(folder, "services", name, "rpc/gen/server.ts")), name);
});
