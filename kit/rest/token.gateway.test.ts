import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ROLE } from "@mall/kit/auth";
import { systemRuntime } from "@mall/kit/runtime";
import { createTokenVerifier, signToken } from "./token.ts";

const secret = "a secret of at least eight bytes";
const verify = createTokenVerifier({ secret, runtime: systemRuntime });

function tokenOf(uid: number, role: number): string {
  return signToken({ secret, uid, role, now: Math.floor(Date.now() / 1000), expireSeconds: 60 });
}

describe("a payment gateway's token", () => {
  test("belongs to no user", () => {
    assert.deepEqual(verify(`Bearer ${tokenOf(0, ROLE.gateway)}`), { uid: 0, role: ROLE.gateway });
  });

  for (const role of [ROLE.customer, ROLE.staff, ROLE.admin]) {
    test(`is the only one that may: uid 0 with role ${role} is refused`, () => {
      assert.throws(() => verify(`Bearer ${tokenOf(0, role)}`), { reason: "TOKEN_INVALID" });
    });
  }

  test("is not one with a negative uid", () => {
    assert.throws(() => verify(`Bearer ${tokenOf(-1, ROLE.gateway)}`), { reason: "TOKEN_INVALID" });
  });
});
