import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { createTestFolder, freePorts, until } from "@mall/kit/testing";
import { ROOT } from "./support/readme-commands.ts";

const run = promisify(execFile);
/** What runs, and what generates, without Node itself. */
const BYTES_MAX = 100e6;
/** A process that starts beside another suite on two processors. */
const PATIENCE = { withinMs: 120_000 };
const SECRET = "a secret of this test, which is long enough";

test("kit and codegen, installed in a folder of its own, make a service that serves there in both placements", async (t) => {
  const folder = createTestFolder();
  const app = await installed(folder);
  const { stdout } = await run(join(app, "node_modules/.bin/mallctl"), ["new", "note"], { cwd: app });
  assert.match(stdout, /Next: node services\/note\/serve\.ts/);
  assert.ok((await bytesOf(join(app, "node_modules"))) < BYTES_MAX);
  const url = await configure(app);
  const whole = serve(t, app);
  const id = await createNote(url);
  await stop(whole);
  // The same rows, and each process by itself.
  const parts = [serve(t, app, "rpc"), serve(t, app, "api")];
  assert.ok((await createNote(url)) > id);
  for (const part of parts) await stop(part);
});

async function installed(folder: string): Promise<string> {
  const tarballs = join(folder, "tarballs");
  await run(process.execPath, [join(ROOT, "tools/pack.ts"), tarballs]);
  const app = join(folder, "app");
  await mkdir(app);
  await writeFile(join(app, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const files = (await readdir(tarballs)).map((name) => join(tarballs, name));
  assert.equal(files.length, 2);
  const flags = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];
  await run("npm", ["install", ...flags, ...files], { cwd: app });
  return app;
}

/** Ports that nobody has, and a secret that this test knows. */
async function configure(app: string): Promise<string> {
  const [api = 0, rpc = 0] = await freePorts(2);
  for (const layer of ["api", "rpc"]) {
    const path = join(app, `services/note/${layer}/etc/note.yaml`);
    const text = await readFile(path, "utf8");
    const changed = text
      .replace(/AccessSecret: .*/, `AccessSecret: ${SECRET}`)
      .replace(/Host: 0\.0\.0\.0\nPort: \d+/, `Host: 127.0.0.1\nPort: ${api}`)
      .replace(/0\.0\.0\.0:\d+|127\.0\.0\.1:\d+/, `127.0.0.1:${rpc}`);
    assert.notEqual(changed, text);
    await writeFile(path, changed);
  }
  return `http://127.0.0.1:${api}/api/note`;
}

function serve(t: TestContext, app: string, ...only: string[]): ChildProcess {
  const child = spawn(process.execPath, ["services/note/serve.ts", ...only], {
    cwd: app,
    stdio: ["ignore", "ignore", "inherit"],
  });
  t.after(() => child.kill("SIGKILL"));
  return child;
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  assert.deepEqual(await ended, [0, null]);
}

/** Creates a note as soon as the service answers, reads it, and gives its id. */
async function createNote(url: string): Promise<number> {
  const headers = { authorization: `Bearer ${token()}`, "content-type": "application/json" };
  const body = JSON.stringify({ text: "hello" });
  let id = 0;
  await until(
    "the service creates a note",
    async () => {
      const response = await fetch(`${url}/create`, { method: "POST", headers, body }).catch(() => undefined);
      if (response?.status !== 200) return false;
      ({ id } = (await response.json()) as { id: number });
      return true;
    },
    PATIENCE,
  );
  const found = await fetch(`${url}/${id}`, { headers });
  assert.deepEqual(await found.json(), { id, text: "hello" });
  return id;
}

/** A token of user 7, as go-zero signs them. */
function token(): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part({ uid: 7, iat: now, exp: now + 600 })}`;
  return `${signed}.${createHmac("sha256", SECRET).update(signed).digest("base64url")}`;
}

async function bytesOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(file.parentPath, file.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
