import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";

const skip = process.platform === "win32" ? "the stand-in for the pinned Node is a shell script" : false;

/** A project with a launcher and a main file; `pinned` is the text of its own Node, a shell script. */
async function project(context: TestContext, main: string, pinned?: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "launch-"));
  context.after(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, "cli"));
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  await writeFile(join(folder, "cli/main.ts"), main);
  const launch = pathToFileURL(join(import.meta.dirname, "launch.js")).href;
  const launcher = `import { launch } from "${launch}";\nawait launch("${join(folder, "cli/main.ts")}");\n`;
  await writeFile(join(folder, "cli/launcher.js"), launcher);
  if (pinned !== undefined) {
    const bin = join(folder, `node_modules/node-${process.platform}-${process.arch}/bin`);
    await mkdir(bin, { recursive: true });
    await writeFile(join(bin, "node"), pinned);
    await chmod(join(bin, "node"), 0o755);
  }
  return join(folder, "cli/launcher.js");
}

const PINNED = `#!/bin/sh\nPINNED=1 exec "${process.execPath}" "$@"\n`;

function start(launcher: string, ...args: string[]): ChildProcess {
  return spawn(process.execPath, [launcher, ...args], { stdio: ["pipe", "pipe", "pipe"] });
}

async function finish(
  child: ChildProcess,
): Promise<{ code: unknown; signal: unknown; out: string; err: string }> {
  let out = "";
  let err = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    out += chunk;
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    err += chunk;
  });
  const [code, signal] = await once(child, "close");
  return { code, signal, out, err };
}

const ECHO = `
const input: string[] = [];
for await (const chunk of process.stdin) input.push(String(chunk));
process.stdout.write(JSON.stringify([process.env["PINNED"] ?? "own", process.argv.slice(2), input.join("")]));
process.stderr.write("oops");
process.exitCode = 7;
`;

for (const [title, pinned, runtime] of [
  ["the pinned Node", PINNED, "1"],
  ["its own Node where none is pinned", undefined, "own"],
  ["its own Node where the pinned one cannot start", "#!/no/such/loader\n", "own"],
] as const) {
  test(`a program runs on ${title}, with the launcher's arguments, streams and exit code`, {
    skip,
  }, async (context) => {
    const child = start(await project(context, ECHO, pinned), "pay", "--a b", "");
    child.stdin?.end("hello");
    const { code, out, err } = await finish(child);
    assert.deepEqual(JSON.parse(out), [runtime, ["pay", "--a b", ""], "hello"]);
    assert.deepEqual({ code, err }, { code: 7, err: "oops" });
  });
}

for (const [where, pinned] of [
  ["the pinned Node", PINNED],
  ["its own Node", undefined],
] as const) {
  test(`a program runs on ${where} where nothing can be made among the temporary files`, {
    skip: process.platform !== "linux" && "no folder is known there in which nothing can be made",
    timeout: 60_000,
  }, async (context) => {
    const launcher = await project(context, 'process.stdout.write("runs");', pinned);
    const child = spawn(process.execPath, [launcher], { env: { ...process.env, TMPDIR: "/proc" } });
    context.after(() => child.kill("SIGKILL"));
    assert.deepEqual(await finish(child), { code: 0, signal: null, out: "runs", err: "" });
  });
}

const SERVER = `
process.on("SIGTERM", () => { process.stdout.write("closing"); clearInterval(timer); });
const timer = setInterval(() => {}, 1000);
process.stdout.write("ready ");
`;

test("a signal to the launcher reaches the program, which ends in its own time", {
  skip,
}, async (context) => {
  const child = start(await project(context, SERVER, PINNED));
  const finished = finish(child);
  await once(child.stdout ?? child, "data");
  child.kill("SIGTERM");
  assert.deepEqual(await finished, { code: 0, signal: null, out: "ready closing", err: "" });
});

test("a program that a signal kills takes the launcher with it by the same signal", {
  skip,
}, async (context) => {
  const child = start(await project(context, 'process.kill(process.pid, "SIGKILL");', PINNED));
  assert.deepEqual(await finish(child), { code: null, signal: "SIGKILL", out: "", err: "" });
});

for (const [where, pinned] of [
  ["in a process of its own", PINNED],
  ["in the launcher's", undefined],
] as const) {
  test(`a program ${where} that npm started ends where npm's shell dies of a signal alone`, {
    skip,
  }, async (t) => {
    const main = [
      `process.once("SIGTERM", () => { console.log("ended"); process.exit(0); });`,
      "setInterval(() => {}, 1000);",
      `console.log("ready");`,
    ].join("\n");
    const launcher = await project(t, main, pinned);
    const shell = spawn("sh", ["-c", `"${process.execPath}" "${launcher}"; :`], {
      env: { ...process.env, npm_command: "start" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let out = "";
    shell.stdout.on("data", (chunk: Buffer) => {
      out += chunk;
      if (out === "ready\n") shell.kill("SIGTERM");
    });
    await once(shell, "close");
    assert.equal(out, "ready\nended\n");
  });
}
