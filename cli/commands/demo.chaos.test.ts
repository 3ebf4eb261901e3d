import assert from "node:assert/strict";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runMall } from "../testing/run-mall.ts";
import { testFolder } from "../testing/test-mall.ts";

test("mall demo --chaos survives what goes wrong, shows that the books balance, and leaves nothing behind", {
  timeout: 120_000,
}, async (t) => {
  const cwd = testFolder(t);
  const temporary = join(cwd, "tmp");
  mkdirSync(temporary);
  const { code, stdout, stderr } = await runMall(["demo", "--chaos"], { cwd, env: { TMPDIR: temporary } });
  assert.equal(code, 0, `${stdout}\n${stderr}`);
  const scenes = [...stdout.matchAll(/^(\d+)\. (.+)$/gm)];
  assert.equal(scenes.length, 11);
  assert.ok([...stdout.matchAll(/^ {3}! /gm)].length >= 10, "things went wrong");
  const balance = (account: string) =>
    new RegExp(`^ {3}${account} +CNY .* (-?\\d+) +\\1$`, "m").exec(stdout)?.[1];
  assert.equal(balance("suspense"), "0", stdout);
  assert.ok(Number(balance("sales")) < 0);
  assert.match(stdout, /^ {3}the books are the payments$/m);
  assert.match(stdout, /^ {3}payments, orders, stock and books say the same/m);
  assert.deepEqual(
    readdirSync(temporary).filter((name) => name.startsWith("mall-")),
    [],
  );
});

test("mall demo --chaos takes no running mall", async (t) => {
  const { code, stderr } = await runMall(["demo", "--chaos", "--url", "http://127.0.0.1:1"], {
    cwd: testFolder(t),
  });
  assert.equal(code, 2);
  assert.match(stderr, /--chaos/);
});
