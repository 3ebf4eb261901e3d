import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";

/** A file without room for a byte. */
const FULL_DISK = "/dev/full";
const WHY_NO_FULL_DISK = existsSync(FULL_DISK) ? false : `there is no ${FULL_DISK}`;

const MODULE = join(import.meta.dirname, "index.ts");

/** What a process of its own logs: lines on standard output and on standard error. */
function logged(script: string, options: object): { out: string[]; error: string[] } {
  const values = JSON.stringify({ name: "pay.rpc", level: "info", ...options });
  const source = `import { createLogger } from ${JSON.stringify(MODULE)};
    import { systemRuntime } from "@mall/kit/runtime";
import { newTraceContext, runInTrace } from "@mall/kit/trace";
    const log = createLogger(${values}); ${script}`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", source], {
    cwd: import.meta.dirname,
    encoding: "utf8",
  });
  const lines = (text: string): string[] => text.split("\n").filter((line) => line !== "");
  return { out: lines(stdout), error: lines(stderr) };
}

function only(lines: string[]): Record<string, unknown> {
  assert.equal(lines.length, 1, lines.join("\n"));
  return JSON.parse(lines[0] ?? "");
}

describe("the log", () => {
  it("writes go-zero's keys, good news to standard output, the rest to standard error, before it exits", () => {
    const { out, error } = logged(
      'log.info({ duration: "1.2ms" }, "fine"); log.slow({}, "late"); log.error({}, "bad"); process.exit(0);',
      {},
    );
    const { "@timestamp": at, ...line } = only(out);
    assert.match(String(at), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)$/);
    assert.deepEqual(line, { level: "info", service: "pay.rpc", duration: "1.2ms", content: "fine" });
    assert.deepEqual(
      error.map((text) => JSON.parse(text).level),
      ["slow", "error"],
    );
  });

  it("loses no buffered line when the process ends by an error", () => {
    const { out } = logged('log.info({}, "last words"); throw new Error("the end");', {});
    assert.equal(only(out).content, "last words");
  });

  it("stops no process where it cannot be written, and none that ends", { skip: WHY_NO_FULL_DISK }, () => {
    const full = openSync(FULL_DISK, "w");
    const source = `import { createLogger } from ${JSON.stringify(MODULE)};
      const log = createLogger({ name: "pay.rpc", level: "info" });
      for (let line = 0; line < 1000; line += 1) log.info({}, "fine");
      log.error({}, "bad");
      process.once("beforeExit", () => log.info({}, "last words"));
      process.exitCode = 7;`;
    const { status } = spawnSync(process.execPath, ["--input-type=module", "-e", source], {
      cwd: import.meta.dirname,
      stdio: ["ignore", full, full],
      timeout: 20_000,
    });
    closeSync(full);
    assert.equal(status, 7);
  });

  it("writes no field that is not named in LogFields, and scrubs the rest", () => {
    const { error } = logged(
      `const thrown = Object.assign(new Error("Duplicate entry '15212230311'", { cause: new Error("password=hunter2") }), { sql: "INSERT 'hunter2'" });
       log.error({ body: "hunter2", password: "hunter2", error: thrown, path: "/x/15212230311" }, "Bearer hunter2");`,
      {},
    );
    const line = only(error);
    assert.deepEqual(Object.keys(line).toSorted(), [
      "@timestamp",
      "content",
      "error",
      "level",
      "path",
      "service",
    ]);
    assert.doesNotMatch(error.join(), /hunter2|15212230311/);
  });

  it("gives every line within a trace its ids", () => {
    const { out } = logged(
      `const trace = newTraceContext(systemRuntime, { traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: "00f067aa0ba902b7", sampled: false });
       runInTrace(trace, async () => { await null; log.info({}, "inside"); });`,
      {},
    );
    const { trace, span } = only(out);
    assert.equal(trace, "4bf92f3577b34da6a3ce929d0e0e4736");
    assert.match(String(span), /^[0-9a-f]{16}$/);
  });

  it("writes plain lines that nothing in them can break", () => {
    const { out } = logged('log.info({ path: "/a\\nb\\u001b[2J" }, "one\\nline");', { encoding: "plain" });
    assert.equal(out.length, 1);
    assert.match(out[0] ?? "", /^\S+\tinfo\tone line\tservice=pay\.rpc\tpath=\/a b \[2J$/);
  });

  it("cuts long sentences and says so", () => {
    const line = only(logged('log.info({}, "0123456789");', { contentLengthMax: 4 }).out);
    assert.deepEqual([line.content, line.truncated], ["0123", true]);
  });

  it("with go-zero's level error still writes what was slow", () => {
    const { out, error } = logged('log.info({}, "a"); log.warn({}, "b"); log.slow({}, "c");', {
      level: "slow",
    });
    assert.deepEqual(out, []);
    assert.equal(only(error).content, "c");
  });
});
