import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, watch } from "node:fs";
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { putFiles } from "./put-files.ts";
import { run } from "./test-run.ts";

const CLI = join(import.meta.dirname, "../cli.ts");

async function freshFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "mallctl-put-"));
  context.after(() => rm(folder, { recursive: true }));
  return folder;
}

/** A contract of so many methods. */
function protoOf(methods: number): string {
  const rpcs = Array.from({ length: methods }, (_, index) => `  rpc Do${index}(A) returns (A);\n`);
  return `syntax = "proto3";\npackage x;\nmessage A {}\nservice X {\n${rpcs.join("")}}\n`;
}

/** Every text below a folder by its path; folders in which something is being made are none of ours. */
async function textsIn(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes(".mallctl-"));
  return new Map(
    await Promise.all(
      paths.map(async (path): Promise<[string, string]> => [path, await readFile(path, "utf8")]),
    ),
  );
}

test("a run that is killed at any of its changes leaves whole files only, and the next one ends what it began", async (context) => {
  const dir = await freshFolder(context);
  const args = ["rpc", "proto", "-src", join(dir, "x.proto"), "-dir", dir];
  const generate = async (methods: number): Promise<Map<string, string>> => {
    await writeFile(join(dir, "x.proto"), protoOf(methods));
    assert.equal((await run(...args)).exitCode, 0);
    return textsIn(dir);
  };
  const more = await generate(60);
  await rm(join(dir, "logic"), { recursive: true });
  const few = await generate(2);
  const ends: (NodeJS.Signals | null)[] = [];
  for (const changes of [1, 2, 40, 62, 64]) {
    await generate(2);
    for (const path of more.keys()) if (!few.has(path)) await rm(path, { force: true });
    await writeFile(join(dir, "x.proto"), protoOf(60));
    ends.push(await killAfter(changes, dir, args));
    for (const [path, text] of await textsIn(dir)) {
      if (!path.endsWith("x.proto"))
        assert.ok([few.get(path), more.get(path)].includes(text), `${changes}: ${path}`);
    }
  }
  assert.ok(ends.includes("SIGKILL"), "no run was killed");
  assert.deepEqual(await generate(60), more);
});

/** Kills a run when so many things have changed in the folder, or lets it end where there are not as many; how it ended. */
async function killAfter(
  changes: number,
  dir: string,
  args: readonly string[],
): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: "ignore" });
  const ended = once(child, "exit");
  let seen = 0;
  const watcher = watch(dir, { recursive: true }, () => {
    seen += 1;
    if (seen === changes) child.kill("SIGKILL");
  });
  await ended;
  watcher.close();
  return child.signalCode;
}

test("what a killed run left behind goes with a later one, and what one is at stays", async (context) => {
  const dir = await freshFolder(context);
  for (const [name, age] of [
    ["old", 3600],
    ["new", 0],
  ] as const) {
    const path = join(dir, `.mallctl-${name}`);
    await mkdir(path);
    await writeFile(join(path, "0"), "half");
    await utimes(path, Date.now() / 1000 - age, Date.now() / 1000 - age);
  }
  await putFiles(dir, [{ path: join(dir, "a/b.txt"), content: "b" }]);
  assert.deepEqual((await readdir(dir)).sort(), [".mallctl-new", "a"]);
});

test("a file keeps its mode, and its place behind a link", async (context) => {
  const dir = await freshFolder(context);
  const path = join(dir, "real.txt");
  await writeFile(path, "before");
  await chmod(path, 0o640);
  await symlink("real.txt", join(dir, "link.txt"));
  await putFiles(dir, [{ path: join(dir, "link.txt"), content: "after" }]);
  assert.equal(await readFile(path, "utf8"), "after");
  assert.equal((await stat(path)).mode & 0o777, 0o640);
  assert.deepEqual((await readdir(dir)).sort(), ["link.txt", "real.txt"]);
});

test("runs at once make what one of them makes, and of a new service there is one", async (context) => {
  const dir = await freshFolder(context);
  await writeFile(join(dir, "x.proto"), protoOf(30));
  const generate = () => run("rpc", "proto", "-src", join(dir, "x.proto"), "-dir", dir);
  await generate();
  const once = await textsIn(dir);
  for (const path of once.keys()) if (!path.endsWith("x.proto")) await rm(path);
  const runs = await Promise.all([generate(), generate(), generate()]);
  assert.deepEqual(
    runs.map(({ exitCode, err }) => `${exitCode}${err}`),
    ["0", "0", "0"],
  );
  assert.deepEqual(await textsIn(dir), once);
  const services = join(dir, "services");
  const made = await Promise.all([1, 2].map(() => run("new", "review", "-dir", services)));
  assert.deepEqual(made.map(({ exitCode }) => exitCode).sort(), [0, 1]);
  assert.match(made.map(({ err }) => err).join(""), /^.*services\/review: there is one; remove it/);
  assert.deepEqual(await readdir(services), ["review"]);
});

/** What a run says that is to write into this folder. */
async function intoFolder(context: TestContext, folder: (dir: string) => Promise<string>): Promise<string> {
  const dir = await freshFolder(context);
  await writeFile(join(dir, "x.proto"), protoOf(1));
  const { err } = await run("rpc", "proto", "-src", join(dir, "x.proto"), "-dir", await folder(dir));
  return err.replaceAll(dir, "DIR");
}

test("a path that leads through a file is named", async (context) => {
  const asked = (path: string) => intoFolder(context, async (dir) => join(dir, path));
  assert.equal(await asked("x.proto"), "DIR/x.proto/gen: is a file, not a folder\n");
  assert.equal(await asked("x.proto/y"), "DIR/x.proto/y/gen: is a file, not a folder\n");
});

const anywhere = process.getuid?.() === 0 && "root may write anywhere";

test("a folder that nobody may write to is named", { skip: anywhere }, async (context) => {
  const closed = async (dir: string): Promise<string> => {
    await mkdir(join(dir, "closed"), { mode: 0o500 });
    return join(dir, "closed");
  };
  assert.equal(await intoFolder(context, closed), "DIR/closed: permission denied\n");
});

test("a file system that has no place for new folders is no reason to try for ever", {
  skip: !existsSync("/proc/self") && "there is no /proc",
}, async (context) => {
  assert.match(
    await intoFolder(context, async () => "/proc/none/x"),
    /^\/proc\/none.*: (no such file|permission denied)\n/,
  );
});
