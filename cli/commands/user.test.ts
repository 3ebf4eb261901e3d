import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { until } from "@mall/kit/testing";
import { createUserHttpClient } from "@mall/user/api";
import { runMall } from "../testing/run-mall.ts";
import { logIn, register, startMall, testFolder, writeAllInOne } from "../testing/test-mall.ts";

const MOBILE = "15212230377";
const GUESSES_MAX = 10;

test("mall user", { timeout: 240_000 }, async (t) => {
  const folder = testFolder(t);
  const config = writeAllInOne(folder);
  const { url } = await startMall(t, folder, config);

  await t.test(
    "unlocks an account at a running mall that counts in its own memory, and no other account",
    async () => {
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
        await assert.rejects(users.login({ mobile: MOBILE, password: "wrong!" }), {
          reason: "WRONG_PASSWORD",
        });
      await logIn(url, MOBILE);
      await assert.rejects(logIn(url, other), { reason: "LOGIN_LIMITED" });
    },
  );

  await t.test(
    "revokes the tokens of a user, and sets a password that it makes up or reads, never in its arguments",
    async () => {
      const users = createUserHttpClient({ baseUrl: url });
      const revokedIs = async (token: string): Promise<boolean> =>
        createUserHttpClient({ baseUrl: url, token })
          .userInfo()
          .then(() => false)
          .catch(({ reason }) => reason === "TOKEN_REVOKED");
      const untilRevoked = (token: string): Promise<boolean> =>
        until("the token is refused", () => revokedIs(token));
      const token = await logIn(url, MOBILE);
      const revoked = await runMall(["user", "revoke", MOBILE, "-f", config], { cwd: folder });
      assert.match(revoked.stdout, /^user 1 \(15212230377\) must log in again: /);
      await untilRevoked(token);
      const next = await logIn(url, MOBILE);
      assert.equal(await revokedIs(next), false);

      const made = await runMall(["user", "password", "id:1", "-f", config], { cwd: folder });
      assert.match(made.stdout, /^[\w-]{16}\n$/);
      assert.match(made.stderr, /^user 1 \(15212230377\) has a new password; /);
      await untilRevoked(next);
      await assert.rejects(logIn(url, MOBILE), { reason: "WRONG_PASSWORD" });
      await users.login({ mobile: MOBILE, password: made.stdout.trim() });

      const read = await runMall(["user", "password", MOBILE, "--stdin", "-f", config], {
        cwd: folder,
        input: "chosen by hand\n",
      });
      assert.deepEqual([read.code, read.stdout], [0, ""]);
      await users.login({ mobile: MOBILE, password: "chosen by hand" });
    },
  );

  await t.test("says that there is no such user", async () => {
    const { code, stderr } = await runMall(["user", "unlock", "13900000000", "-f", config], { cwd: folder });
    assert.equal(code, 1);
    assert.match(stderr, /^mall: no user has the mobile or id 13900000000: .*\n$/);
  });
});
