import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { systemRuntime } from "@mall/kit/runtime";
import { createLinkTokens } from "./link-token.ts";
import { SECRET } from "./test-server.ts";
import { createTokenVerifier, signToken } from "./token.ts";

const AT = 1_800_000_000;

function tokensAt(now: number, purpose = "cashier") {
  return createLinkTokens({ secret: SECRET, purpose, runtime: { ...systemRuntime, now: () => now * 1000 } });
}

describe("a link's token", () => {
  test("says what was signed until its end, and nothing after it", () => {
    const token = tokensAt(AT).sign({ pay: 7, subject: "苹果" }, AT + 60);
    assert.deepEqual(tokensAt(AT + 59).read(token), { pay: 7, subject: "苹果", exp: AT + 60 });
    assert.throws(() => tokensAt(AT + 60).read(token), { reason: "LINK_EXPIRED" });
  });

  test("is refused where a byte of it is another, or its purpose is", () => {
    const token = tokensAt(AT).sign({ pay: 7 }, AT + 60);
    const [head, body = "", signature] = token.split(".");
    const forged = Buffer.from(Buffer.from(body, "base64url").toString().replace("7", "8")).toString(
      "base64url",
    );
    for (const bad of ["", "a.b.c", `${token}x`, [head, forged, signature].join(".")])
      assert.throws(() => tokensAt(AT).read(bad), { code: "UNAUTHENTICATED", reason: "LINK_INVALID" }, bad);
    assert.throws(() => tokensAt(AT, "console").read(token), { reason: "LINK_INVALID" });
  });

  test("is no login, and a login is none", () => {
    const link = tokensAt(AT).sign({ uid: 1, role: 2 }, AT + 60);
    const verify = createTokenVerifier({ secret: SECRET, runtime: systemRuntime });
    assert.throws(() => verify(`Bearer ${link}`), { reason: "TOKEN_INVALID" });
    const login = signToken({ secret: SECRET, uid: 1, role: 2, now: AT, expireSeconds: 60 });
    assert.throws(() => tokensAt(AT).read(login), { reason: "LINK_INVALID" });
  });
});
