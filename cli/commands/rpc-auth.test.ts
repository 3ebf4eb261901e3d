import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { checkConfig, redisKeyConfig } from "@mall/kit/config";
import { RpcTokens } from "@mall/kit/process";
import { systemRuntime } from "@mall/kit/runtime";
import { startRedis, type TestRedis, whyNoRedis } from "@mall/kit/testing";
import { runMall } from "../testing/run-mall.ts";
import { testFolder } from "../testing/test-mall.ts";

const KEY = "rpc:auth";

describe("mall rpc-auth", { skip: whyNoRedis() ?? false, concurrency: 2 }, () => {
  let redis: TestRedis;
  let tokens: RpcTokens;

  before(async () => {
    redis = await startRedis();
    const config = checkConfig("(test)", { Host: redis.host, Key: KEY }, redisKeyConfig);
    tokens = await RpcTokens.open({ config, runtime: systemRuntime });
  });
  after(async () => {
    tokens.close();
    await redis.stop();
  });

  const place = () => ["--redis", redis.host, "--key", KEY];

  test("grants a random token that it prints once, or the one that is given", async (t) => {
    const cwd = testFolder(t);
    const random = await runMall(["rpc-auth", "grant", "order.rpc", ...place()], { cwd });
    assert.match(random.stdout, /^[\w-]{43}\n$/, random.stderr);
    assert.equal(await tokens.find("order.rpc"), random.stdout.trim());
    assert.match(random.stderr, /^order\.rpc has a token now\n$/);

    const given = await runMall(["rpc-auth", "grant", "order.rpc", "--token", "s3cret", ...place()], { cwd });
    assert.deepEqual([given.code, given.stdout], [0, ""]);
    assert.match(given.stderr, /^order\.rpc has another token now; servers that know the one before/);
    assert.equal(await tokens.find("order.rpc"), "s3cret");
  });

  test("lists the apps of the hash that a configuration names, and no token", async (t) => {
    const cwd = testFolder(t);
    const other = ["--redis", redis.host, "--key", "other"];
    await runMall(["rpc-auth", "grant", "pay.rpc", "--token", "hidden-1", ...other], { cwd });
    await runMall(["rpc-auth", "grant", "pay.api", "--token", "hidden-2", ...other], { cwd });
    writeFileSync(join(cwd, "rpc.yaml"), `Name: pay.rpc\nRedis:\n  Host: ${redis.host}\n  Key: other\n`);
    const { stdout, stderr } = await runMall(["rpc-auth", "list", "-f", "rpc.yaml"], { cwd });
    assert.deepEqual([stdout, stderr], ["pay.api\npay.rpc\n", ""]);
  });

  test("revokes a token, and says who still lets the app in", async (t) => {
    const cwd = testFolder(t);
    await tokens.grant("user.api", "right");
    const revoked = await runMall(["rpc-auth", "revoke", "user.api", ...place()], { cwd });
    assert.match(revoked.stderr, /^user\.api has no token now; .*without StrictControl let in apps.*\n$/);
    assert.equal(await tokens.find("user.api"), undefined);
    const again = await runMall(["rpc-auth", "revoke", "user.api", ...place()], { cwd });
    assert.deepEqual([again.code, again.stderr], [0, "user.api had no token; nothing changed\n"]);
  });

  test("says in one line what is wrong with the place", async (t) => {
    const cwd = testFolder(t);
    const locked = await startRedis(["--requirepass", "right"]);
    t.after(() => locked.stop());
    const cases: [string[], number, RegExp][] = [
      [[], 2, /say where the tokens are: -f RPC\.YAML, or --redis/],
      [["--redis", "127.0.0.1:1", "--key", KEY], 1, /Redis at 127\.0\.0\.1:1 does not answer/],
      [["--redis", locked.host, "--key", KEY], 1, /refuses this user: name a file with its User and Pass/],
    ];
    for (const [args, code, pattern] of cases) {
      const finished = await runMall(["rpc-auth", "list", ...args], { cwd });
      assert.equal(finished.code, code);
      assert.match(finished.stderr, /^mall: .*\n$/);
      assert.match(finished.stderr, pattern);
    }
  });
});
