import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { createUserHttpClient } from "@mall/user/api";
import { runMall } from "../testing/run-mall.ts";
import { logIn, register, startMall, testFolder, writeAllInOne } from "../testing/test-mall.ts";

const MOBILE = "15212230377";
const GUESSES_MAX = 10;

describe("mall user", { concurrency: 3, timeout: 60_000 }, () => {
  test("unlocks an account at a running mall that counts in its own memory, and no other account", async (t) => {
    const folder = testFolder(t);
    const { url } = await startMall(t, folder, writeAllInOne(folder));
    const other = "15212230388";
    for (const mobile of [MOBILE, other]) await register(url, mobile);
    const users = createUserHttpClient({ baseUrl: url });
    for (const mobile of [MOBILE, other]) {
      for (let guess = 0; guess < GUESSES_MAX; guess += 1)
        await assert.rejects(users.login({ mobile, password: "wrong!" }), { reason: "WRONG_PASSWORD" });
      await assert.rejects(logIn(url, mobile), { reason: "LOGIN_LIMITED" });
    }

    const { code, stdout, stderr } = await runMall(
      ["user", "unlock", MOBILE, "--data", join(folder, "data")],
      {
        cwd: folder,
      },
    );
    assert.equal(code, 0, stderr);
    assert.equal(stdout, `user 1 (${MOBILE}) is unlocked: wrong passwords count from 0 again\n`);
    for (let guess = 1; guess < GUESSES_MAX; guess += 1)
      await assert.rejects(users.login({ mobile: MOBILE, password: "wrong!" }), { reason: "WRONG_PASSWORD" });
    await logIn(url, MOBILE);
    await assert.rejects(logIn(url, other), { reason: "LOGIN_LIMITED" });
  });

  test("says that there is no such user, and makes no database where none is", async (t) => {
    const folder = testFolder(t);
    const config = writeAllInOne(folder);
    await startMall(t, folder, config);
    for (const [args, text] of [
      [["13900000000", "-f", config], /^mall: no user has the mobile or id 13900000000: .*\n$/],
      [["13900000000", "--data", "none"], /^mall: there is no database .*\n$/],
    ] as const) {
      const { code, stderr } = await runMall(["user", "unlock", ...args], { cwd: folder });
      assert.equal(code, 1);
      assert.match(stderr, text);
    }
  });
});
