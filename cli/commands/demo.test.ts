import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { createPayHttpClient } from "@mall/pay/api";
import { runMall } from "../testing/run-mall.ts";
import { closedPort, register, startMall, testFolder, writeAllInOne } from "../testing/test-mall.ts";

const WHOLE_TOKEN = /eyJ[\w-]+\.[\w-]+\.[\w-]+/;
const ESCAPE = String.fromCharCode(27);

describe("mall demo", { concurrency: 3, timeout: 300_000 }, () => {
  test("plays a purchase on a mall of its own and leaves nothing behind", async (t) => {
    const cwd = testFolder(t);
    const temporary = join(cwd, "tmp");
    mkdirSync(temporary);
    const { code, stdout, stderr } = await runMall(["demo", "--fresh"], { cwd, env: { TMPDIR: temporary } });
    assert.equal(code, 0, stderr);
    assert.equal(stdout.trimEnd().split("\n").at(-1), "order 1 is paid");
    const left = readdirSync(temporary).filter((name) => name.startsWith("mall-"));
    assert.deepEqual(left, []);
    assert.ok(!stdout.includes(ESCAPE), "no colours where no terminal shows them");
    assert.ok(!WHOLE_TOKEN.test(stdout), "no token is shown whole");
  });

  test("can be repeated on a running mall, with the secret from its data folder or its configuration", async (t) => {
    const folder = testFolder(t);
    const config = writeAllInOne(folder);
    const mall = await startMall(t, folder, config);
    const first = await runMall(["demo", "--url", mall.url, "--data", join(folder, "data")], { cwd: folder });
    assert.match(first.stdout, /\norder 1 is paid\n$/, first.stderr);
    const second = await runMall(["demo", "--url", mall.url, "-f", config], { cwd: folder });
    assert.match(second.stdout, /\norder 2 is paid\n$/, second.stderr);
  });

  test("stops at the cashier, and prints a link that shows what is to be paid", async (t) => {
    const folder = testFolder(t);
    const Pay = { Api: 0, Rpc: 0, Cashier: { PublicUrl: "https://pay.example" } };
    const mall = await startMall(t, folder, writeAllInOne(folder, { Pay }));
    const flags = ["--url", mall.url, "--data", join(folder, "data")];
    const { code, stdout, stderr } = await runMall(["demo", "--cashier", ...flags], { cwd: folder });
    assert.equal(code, 0, stderr);
    const [, token = ""] = /\nto be paid at https:\/\/pay\.example\/cashier#(\S+)\n$/.exec(stdout) ?? [];
    const view = await createPayHttpClient({ baseUrl: mall.url }).cashierView({ token });
    assert.deepEqual([view.state, view.amount, view.subject], ["open", 1990, "Green tea, 250 g"]);
  });

  test("has no cashier to stop at where no mall runs", async (t) => {
    const flags = ["--url", `http://127.0.0.1:${await closedPort()}`];
    const { code, stderr } = await runMall(["demo", "--cashier", ...flags], { cwd: testFolder(t) });
    assert.equal(code, 1, stderr);
  });

  for (const channel of ["alipay", "wechat", "stripe"]) {
    test(`plays a payment, a refund and a lost notification at the simulator of ${channel}`, async (t) => {
      const { code, stdout, stderr } = await runMall(["demo", "--channel", channel], { cwd: testFolder(t) });
      assert.equal(code, 0, stderr);
      assert.match(
        stdout,
        /"status":4,.*"refundedAmount":500[\s\S]*Nobody notifies the mall[\s\S]*"status":1[\s\S]*2 payments, 1 refund[\s\S]*bills and payments say the same/,
      );
      assert.ok(stdout.endsWith(`\npaid and refunded at ${channel}\n`), stdout);
    });
  }

  test("does without a secret where its customer is the first user and so the admin, and says so", async (t) => {
    const folder = testFolder(t);
    const mall = await startMall(t, folder, writeAllInOne(folder));
    const { code, stdout, stderr } = await runMall(["demo", "--url", mall.url], { cwd: testFolder(t) });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /first user of this mall and so its admin/);
  });

  test("says which option to add where its customer may not do staff's work", async (t) => {
    const folder = testFolder(t);
    const mall = await startMall(t, folder, writeAllInOne(folder));
    await register(mall.url);
    const { code, stderr } = await runMall(["demo", "--url", mall.url], { cwd: testFolder(t) });
    assert.equal(code, 1);
    assert.match(stderr, /^mall: demo: step 4: .*ROLE_REQUIRED.*--data FOLDER.*\n$/);
  });

  test("tells a secret of another mall from this mall's", async (t) => {
    const folder = testFolder(t);
    const mall = await startMall(t, folder, writeAllInOne(folder));
    const secretFile = join(folder, "secret");
    writeFileSync(secretFile, "the secret of another mall\n");
    const { code, stderr } = await runMall(["demo", "--url", mall.url, "--secret-file", secretFile], {
      cwd: folder,
    });
    assert.equal(code, 1);
    assert.match(stderr, /^mall: the access secret in .*secret is not the one of this mall.*\n$/);
  });

  test("says in one line that nobody answers at the URL", async (t) => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    const { code, stderr } = await runMall(["demo", "--url", url], { cwd: testFolder(t) });
    assert.equal(code, 1);
    assert.match(stderr, /^mall: no mall answers at http:.*\n$/);
  });
});
