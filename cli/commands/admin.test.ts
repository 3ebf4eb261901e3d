import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { createProductHttpClient } from "@mall/product/api";
import { runMall } from "../testing/run-mall.ts";
import { logIn, register, startMall, testFolder, writeAllInOne } from "../testing/test-mall.ts";

const MOBILE = "15212230377";
const PRODUCT = { name: "tea", desc: "green", stock: 1, amount: 1, status: 0 };

describe("mall admin", { concurrency: 3, timeout: 300_000 }, () => {
  test("makes a customer of a running mall in mode pro an admin, and back", async (t) => {
    const folder = testFolder(t);
    const { url } = await startMall(t, folder, writeAllInOne(folder, { Mode: "pro" }));
    const createProduct = async () =>
      createProductHttpClient({ baseUrl: url, token: await logIn(url, MOBILE) }).create(PRODUCT);
    const admin = (...args: string[]) =>
      runMall(["admin", MOBILE, ...args, "--data", join(folder, "data")], { cwd: folder });
    await register(url, MOBILE);
    await assert.rejects(createProduct(), { reason: "ROLE_REQUIRED" });

    const made = await admin();
    assert.equal(made.code, 0, made.stderr);
    assert.match(made.stdout, /^user 1 \(15212230377\) has the role admin now, .*next login.*\n$/);
    assert.deepEqual(await createProduct(), { id: 1 });
    assert.match((await admin()).stdout, /already; nothing changed/);

    assert.equal((await admin("--role", "customer")).code, 0);
    await assert.rejects(createProduct(), { reason: "ROLE_REQUIRED" });
  });

  test("says that nobody is registered with the mobile", async (t) => {
    const folder = testFolder(t);
    const config = writeAllInOne(folder);
    await startMall(t, folder, config);
    const { code, stderr } = await runMall(["admin", "13900000000", "-f", config], { cwd: folder });
    assert.equal(code, 1);
    assert.match(stderr, /^mall: no user is registered with mobile 13900000000.*\n$/);
  });

  test("makes no database where none is", async (t) => {
    const cwd = testFolder(t);
    for (const args of [[], ["--data-source", "sqlite:none.db"]]) {
      const { code, stderr } = await runMall(["admin", MOBILE, ...args], { cwd });
      assert.equal(code, 1);
      assert.match(stderr, /^mall: there is no database .*\n$/);
    }
  });
});
