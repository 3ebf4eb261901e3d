import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, test } from "node:test";
import { PASSWORD, register, startMall, testFolder, writeAllInOne } from "./testing/test-mall.ts";

const MODULE = join(import.meta.dirname, "run-until-signal.ts");
/** A file without room for a byte. */
const FULL_DISK = "/dev/full";
const WHY_NO_FULL_DISK = existsSync(FULL_DISK) ? false : `there is no ${FULL_DISK}`;

/** A login whose headers are sent and taken in, while its body waits for `finish`. */
async function halfSentLogin(url: string): Promise<{ finish(): Promise<string> }> {
  const { hostname, port } = new URL(url);
  const body = JSON.stringify({ mobile: "15212230311", password: PASSWORD });
  const socket = connect({ host: hostname, port: Number(port) });
  let answer = "";
  socket.setEncoding("utf8");
  socket.write(
    [
      "POST /api/user/login HTTP/1.1",
      `Host: ${hostname}`,
      "Content-Type: application/json",
      `Content-Length: ${body.length}`,
      // The server says when it has taken the headers in, so that the test need not guess.
      "Expect: 100-continue",
      "\r\n",
    ].join("\r\n"),
  );
  await new Promise<void>((resolve, reject) => {
    socket.once("data", () => resolve());
    socket.once("error", reject);
  });
  return {
    finish: () =>
      new Promise((resolve, reject) => {
        socket.on("data", (text: string) => {
          answer += text;
        });
        socket.once("close", () => resolve(answer));
        socket.once("error", reject);
        socket.write(body);
      }),
  };
}

describe("a mall that is told to stop", { concurrency: 3, timeout: 300_000 }, () => {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    test(`answers the request in flight after ${signal}, then exits with 0`, async (t) => {
      const folder = testFolder(t);
      const mall = await startMall(t, folder, writeAllInOne(folder));
      await register(mall.url);
      const login = await halfSentLogin(mall.url);
      mall.process.kill(signal);
      await mall.output("stderr", /stopping/);
      assert.match(await login.finish(), /^HTTP\/1\.1 200 OK.*"accessToken"/s);
      assert.equal((await mall.finished).code, 0);
    });
  }

  test("ends at once on the second signal", async (t) => {
    const folder = testFolder(t);
    const mall = await startMall(t, folder, writeAllInOne(folder));
    await halfSentLogin(mall.url);
    mall.process.kill("SIGINT");
    await mall.output("stderr", /stopping/);
    mall.process.kill("SIGINT");
    assert.equal((await mall.finished).code, 130);
  });

  test("stops as well where it cannot say so", { skip: WHY_NO_FULL_DISK }, async () => {
    const full = openSync(FULL_DISK, "w");
    const script = `import { outliveReaders } from "@mall/kit/runtime";
      import { runUntilSignal } from ${JSON.stringify(MODULE)};
      outliveReaders();
      setInterval(() => {}, 60_000);
      runUntilSignal({ addresses: [], stop: () => new Promise((resolve) => setImmediate(resolve)) });
      console.log("ready");`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: import.meta.dirname,
      stdio: ["ignore", "pipe", full],
    });
    closeSync(full);
    assert.ok(child.stdout);
    await once(child.stdout, "data");
    child.kill("SIGTERM");
    assert.deepEqual(await once(child, "close"), [0, null]);
  });
});
