import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runMall, startCommand } from "../testing/run-mall.ts";
import { takenPort, testFolder } from "../testing/test-mall.ts";

test("the simulator serves, keeps its credentials, and ends when told to", {
  timeout: 300_000,
}, async (t) => {
  const folder = testFolder(t);
  const serials: string[] = [];
  for (const _start of [1, 2]) {
    const command = startCommand(["simulator", "--port", "0"], { cwd: folder });
    t.after(() => command.process.kill("SIGKILL"));
    const [, url = ""] = await command.output("stdout", /^simulator is ready at (http\S+)\n/);
    assert.deepEqual(await (await fetch(`${url}/simulator/api/trades`)).json(), { trades: [] });
    assert.equal((await fetch(`${url}/v3/certificates`)).status, 401);
    const merchant = readFileSync(join(folder, "data/simulator/merchant/wechat/merchant.json"), "utf8");
    serials.push(JSON.parse(merchant).serial);
    command.process.kill("SIGTERM");
    assert.equal((await command.finished).code, 0);
  }
  assert.equal(serials[0], serials[1]);
});

test("the simulator writes the configuration of a mall that pays there, which the doctor finds right", async (t) => {
  const folder = testFolder(t);
  const start = async () => {
    const simulator = startCommand(["simulator", "--port", "0"], { cwd: folder });
    t.after(() => simulator.process.kill("SIGKILL"));
    const [, file = ""] = await simulator.output("stdout", /^a mall that pays there: mall up -f (\S+)\n/m);
    assert.equal(statSync(join(folder, file)).mode & 0o777, 0o600);
    return { simulator, file };
  };
  const first = await start();
  first.simulator.process.kill("SIGTERM");
  await first.simulator.finished;
  // The second time it is on another port, which the file follows.
  const { file } = await start();
  const { stdout } = await runMall(["doctor", "-f", file], { cwd: folder });
  for (const channel of ["alipay", "wechat", "stripe"]) {
    assert.match(stdout, new RegExp(`channel ${channel}: knows the account, and its keys fit`));
  }
});

test("the simulator says in one line what keeps it from starting", async (t) => {
  const folder = testFolder(t);
  for (const [port, code, line] of [
    [String(await takenPort(t)), 1, /^mall: port \d+ .* is taken: .*\n$/],
    ["70000", 2, /must be a whole number from 0 to 65535\n/],
  ] as const) {
    const ended = await runMall(["simulator", "--port", port], { cwd: folder });
    assert.equal(ended.code, code);
    assert.match(ended.stderr, line);
  }
});
