import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { ROLE } from "@mall/kit/auth";
import { createPayHttpClient } from "@mall/pay/api";
import { createProductHttpClient } from "@mall/product/api";
import { runMall } from "../testing/run-mall.ts";
import { startMall, testFolder, writeAllInOne } from "../testing/test-mall.ts";

const SECRET = "a secret of at least eight bytes";
const PRODUCT = { name: "tea", desc: "green", stock: 1, amount: 1, status: 0 };

function claimsOf(token: string): Record<string, number> {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
}

describe("mall token", { concurrency: 3, timeout: 300_000 }, () => {
  test("prints a token and nothing else, valid for as long as asked", async (t) => {
    const cwd = testFolder(t);
    writeFileSync(join(cwd, "secret"), `${SECRET}\n`);
    const args = ["token", "--role", "gateway", "--expire", "15m", "--secret-file", "secret"];
    const { code, stdout } = await runMall(args, { cwd });
    assert.equal(code, 0);
    assert.match(stdout, /^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const { exp = 0, iat = 0, uid, role } = claimsOf(stdout.trim());
    assert.deepEqual({ seconds: exp - iat, uid, role }, { seconds: 900, uid: 0, role: ROLE.gateway });
  });

  test("gives a gateway the callback and no more, and staff the products", async (t) => {
    const folder = testFolder(t);
    const config = writeAllInOne(folder);
    const { url: baseUrl } = await startMall(t, folder, config);
    const tokenOf = async (...args: string[]): Promise<string> =>
      (await runMall(["token", ...args, "-f", config], { cwd: folder })).stdout.trim();
    const [gateway, staff] = await Promise.all([
      tokenOf("--role", "gateway"),
      tokenOf("--role", "staff", "--uid", "7"),
    ]);
    const success = { id: 1, uid: 1, oid: 1, amount: 1, source: 1, status: 1 } as const;
    const callbackBy = (token: string) => createPayHttpClient({ baseUrl, token }).callback(success);
    const productBy = (token: string) => createProductHttpClient({ baseUrl, token }).create(PRODUCT);
    await assert.rejects(callbackBy(gateway), { reason: "USER_NOT_FOUND" });
    await assert.rejects(callbackBy(staff), { reason: "ROLE_REQUIRED" });
    await assert.rejects(productBy(gateway), { reason: "ROLE_REQUIRED" });
    assert.deepEqual(await productBy(staff), { id: 1 });
  });

  for (const { args, says } of [
    { args: [], says: /--role/ },
    { args: ["--role", "king"], says: /gateway, staff, admin/ },
    { args: ["--role", "admin"], says: /add --uid/ },
    { args: ["--role", "gateway", "--uid", "1"], says: /leave --uid out/ },
    { args: ["--role", "admin", "--uid", "0"], says: /from 1 on/ },
    { args: ["--role", "gateway", "--expire", "soon"], says: /e\.g\. 24h/ },
    { args: ["--role", "gateway", "--data", "x", "--secret-file", "y"], says: /cannot be used with/ },
  ]) {
    test(`refuses "token ${args.join(" ")}" as a wrong command line`, async (t) => {
      const { code, stdout, stderr } = await runMall(["token", ...args], { cwd: testFolder(t) });
      assert.equal(code, 2);
      assert.equal(stdout, "");
      assert.match(stderr, says);
    });
  }

  test("says in one line where it looked for a secret in vain", async (t) => {
    const { code, stderr } = await runMall(["token", "--role", "gateway"], { cwd: testFolder(t) });
    assert.equal(code, 1);
    assert.match(stderr, /^mall: no access secret in \.\/data: .*--data FOLDER.*\n$/);
  });
});
