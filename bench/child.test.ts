import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { until } from "@mall/kit/testing";

const SERVER = `console.log("ready " + process.pid); setInterval(() => {}, 1000);`;
const BENCH = `
import { startChild } from "${pathToFileURL(join(import.meta.dirname, "child.ts")).href}";
const { url } = await startChild(["-e", ${JSON.stringify(SERVER)}], /ready (\\d+)/);
console.log(url);
setInterval(() => {}, 1000);
`;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  test(`a bench that ${signal} ends leaves no server behind`, async (t) => {
    const bench = spawn(process.execPath, ["--input-type=module", "-e", BENCH], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    t.after(() => bench.kill("SIGKILL"));
    const [said] = await once(bench.stdout, "data");
    const server = Number(String(said));
    t.after(() => isRunning(server) && process.kill(server, "SIGKILL"));
    assert.ok(isRunning(server));
    const ended = once(bench, "exit");
    bench.kill(signal);
    assert.deepEqual(await ended, [null, signal]);
    await until("the server has ended", async () => !isRunning(server));
  });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
