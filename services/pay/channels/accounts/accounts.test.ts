import assert from "node:assert/strict";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { checkConfig, secret } from "@mall/kit/config";
import { type Logger, silentLogger } from "@mall/kit/log";
import { createManualRuntime, createTestFolder } from "@mall/kit/testing";
import { z } from "zod";
import { accountName, accountsOf } from "./account-name.ts";
import { liveKeys } from "./live-keys.ts";
import { activeKey, endOfKeys, validity, validKeys } from "./valid-keys.ts";

const account = z.object({ Name: accountName("alipay") });
const schema = z.object({ Secret: secret(z.string().min(4, "must be at least 4 characters")) });

describe("an account's name", () => {
  it("is the channel's, or begins with it, and is nobody else's", () => {
    const names = (...accounts: object[]) =>
      checkConfig("test", accounts, accountsOf(account)).map(({ Name }) => Name);
    assert.deepEqual(names({}, { Name: "alipay-hk" }, { Name: "alipay-2-eu" }), [
      "alipay",
      "alipay-hk",
      "alipay-2-eu",
    ]);
    for (const wrong of ["wechat", "alipayhk", "alipay-", "alipay-HK", "alipay-0123456789"]) {
      assert.throws(() => names({ Name: wrong }), { reason: "CONFIG_UNUSABLE" }, wrong);
    }
    assert.throws(() => names({}, {}), { reason: "CONFIG_UNUSABLE", message: /another Name/ });
  });
});

describe("an account's keys", () => {
  it("are replaced while the process runs; a file that is no use changes nothing and is told of once", () => {
    const runtime = createManualRuntime();
    const file = join(createTestFolder(), "keys.yaml");
    const lines: string[] = [];
    const write = (_: object, text: string): void => void lines.push(text);
    const log: Logger = { ...silentLogger, info: write, error: write };
    const put = (text: string): void => {
      writeFileSync(`${file}.new`, text);
      renameSync(`${file}.new`, file);
    };
    put("Secret: first\n");
    const keys = liveKeys("alipay", { KeysFile: file }, { schema, outside: { runtime, log } });
    const after = (text: string): string => {
      put(text);
      runtime.advance(1_000);
      keys.current();
      runtime.advance(1_000);
      return keys.current().Secret;
    };
    assert.equal(keys.current().Secret, "first");
    assert.equal(after("Secret: second\n"), "second");
    assert.equal(after("Secret: abc\n"), "second");
    assert.equal(after("Secret: third\n"), "third");
    assert.deepEqual(lines, [
      "the keys of a channel account were replaced",
      "the new keys of a channel account cannot be used; keeping the previous ones",
      "the keys of a channel account were replaced",
    ]);
  });

  it("must be there", () => {
    const outside = { runtime: createManualRuntime(), log: silentLogger };
    assert.deepEqual(liveKeys("a", { Keys: { Secret: "inline" } }, { schema, outside }).current(), {
      Secret: "inline",
    });
    const missing = join(createTestFolder(), "none.yaml");
    for (const place of [{}, { KeysFile: missing }]) {
      assert.throws(() => liveKeys("a", place, { schema, outside }), { reason: "CONFIG_UNUSABLE" });
    }
  });

  it("are used within their time, the one that began last to sign", () => {
    const key = z.object({ ...validity, Id: z.string() });
    const keys = checkConfig(
      "test",
      [
        { Id: "old", NotAfter: "2026-12-01T00:00:00+08:00" },
        { Id: "new", NotBefore: "2026-11-01T00:00:00Z" },
        { Id: "next", NotBefore: "2027-01-01T00:00:00Z" },
      ],
      z.array(key),
    );
    // What one process was told is read again by a part of it.
    assert.deepEqual(checkConfig("part", keys, z.array(key)), keys);
    const at = (text: string) => {
      const now = Date.parse(text);
      return [
        activeKey(keys, now)?.Id,
        validKeys(keys, now)
          .map(({ Id }) => Id)
          .join(),
      ];
    };
    assert.deepEqual(at("2026-10-01T00:00:00Z"), ["old", "old"]);
    assert.deepEqual(at("2026-11-01T00:00:00Z"), ["new", "old,new"]);
    assert.deepEqual(at("2026-11-30T16:00:00Z"), ["new", "new"]);
    assert.deepEqual(at("2027-01-01T00:00:00Z"), ["next", "new,next"]);
    assert.equal(activeKey([], 0), undefined);
  });

  it("end with the first kind of which none is left, and never where each kind has one without an end", () => {
    const until = (NotAfter: string) => ({ NotAfter });
    const [soon, late] = [until("2026-12-01T00:00:00Z"), until("2027-12-01T00:00:00Z")];
    assert.equal(endOfKeys([soon, late]), Date.parse(late.NotAfter));
    assert.equal(endOfKeys([late], [soon]), Date.parse(soon.NotAfter));
    assert.equal(endOfKeys([soon, {}], [late]), Date.parse(late.NotAfter));
    for (const endless of [[], [[{}]], [[soon, {}], []], [[{}], [soon, {}]]])
      assert.equal(endOfKeys(...endless), undefined);
  });
});
