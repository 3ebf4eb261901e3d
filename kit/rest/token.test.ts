import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, test } from "node:test";
import { AppError } from "@mall/kit/errors";
import { type Runtime, systemRuntime } from "@mall/kit/runtime";
import { createTokenVerifier, signToken } from "./token.ts";

const SECRET = "uOvKLmVfztaXGpNYd4Z0I1SiT7MweJhl";
const NOW = 1_700_000_000;

/** A token made without the code under test. */
function forge(claims: unknown, alg = "HS256", secret = SECRET): string {
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const input = `${encode({ alg, typ: "JWT" })}.${encode(claims)}`;
  const hash = `sha${alg.slice(2)}`;
  const signature = alg === "none" ? "" : createHmac(hash, secret).update(input).digest("base64url");
  return `${input}.${signature}`;
}

function verifierAt(seconds: number): {
  verify: ReturnType<typeof createTokenVerifier>;
  clock: { now: number };
} {
  const clock = { now: seconds * 1000 };
  const runtime: Runtime = { ...systemRuntime, now: () => clock.now };
  return { verify: createTokenVerifier({ secret: SECRET, runtime }), clock };
}

function refuses(authorization: string | undefined, seconds = NOW): void {
  const { verify } = verifierAt(seconds);
  assert.throws(
    () => verify(authorization),
    (error) => error instanceof AppError && error.code === "UNAUTHENTICATED",
  );
}

describe("signToken", () => {
  test("makes byte for byte the token that go-zero-mall makes", () => {
    assert.equal(
      signToken({ secret: SECRET, uid: 1, role: 0, now: NOW, expireSeconds: 86400 }),
      "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJleHAiOjE3MDAwODY0MDAsImlhdCI6MTcwMDAwMDAwMCwidWlkIjoxfQ.fbd_k7J6w9XBmqbpf97uk47Jlbrsv4iar8oRufEz3gk",
    );
  });

  test("adds a role only where it is not the customer's", () => {
    const token = signToken({ secret: SECRET, uid: 1, role: 2, now: NOW, expireSeconds: 60 });
    assert.deepEqual(verifierAt(NOW).verify(token), { uid: 1, role: 2 });
  });

  test("a secret shorter than 8 bytes is refused at once", () => {
    const short = "1234567";
    assert.throws(() => signToken({ secret: short, uid: 1, role: 0, now: NOW, expireSeconds: 1 }), /8 bytes/);
    assert.throws(() => createTokenVerifier({ secret: short, runtime: systemRuntime }), /8 bytes/);
  });
});

describe("a token verifier", () => {
  test("refuses what is revoked from the moment it knows, on tokens that it has seen too, and never a gateway's", () => {
    const revoked = new Map<number, number>();
    const isRevoked = (uid: number, issuedAt: number): boolean => issuedAt < (revoked.get(uid) ?? 0);
    const runtime: Runtime = { ...systemRuntime, now: () => NOW * 1000 };
    const verify = createTokenVerifier({ secret: SECRET, runtime, isRevoked });
    const token = (uid: number, now: number, role = 0): string =>
      signToken({ secret: SECRET, uid, role, now, expireSeconds: 60 });
    const refusal = { code: "UNAUTHENTICATED", reason: "TOKEN_REVOKED" };
    assert.equal(verify(token(7, NOW - 1)).uid, 7);
    revoked.set(7, NOW);
    assert.throws(() => verify(token(7, NOW - 1)), refusal);
    assert.throws(() => verify(token(7, NOW - 1, 2)), refusal);
    assert.throws(
      () => verify(forge({ uid: 7, exp: NOW + 60 })),
      refusal,
      "a token that does not say its age",
    );
    assert.equal(verify(token(7, NOW)).uid, 7);
    assert.equal(verify(token(8, NOW - 1)).uid, 8);
    assert.equal(verify(token(7, NOW - 1, 3)).role, 3);
  });

  test("takes the scheme in any case and a bare token, signed with HS256, HS384 or HS512", () => {
    const { verify } = verifierAt(NOW);
    for (const alg of ["HS256", "HS384", "HS512"]) {
      const token = forge({ uid: 9 }, alg);
      for (const header of [token, `Bearer ${token}`, `BEARER ${token}`, `bearer ${token}`]) {
        assert.deepEqual(verify(header), { uid: 9, role: 0 });
      }
    }
  });

  test("refuses what is missing, malformed, unsigned, signed by others or huge", () => {
    refuses(undefined);
    refuses("");
    refuses("Bearer ");
    refuses("Bearer x.y.z");
    refuses(`Basic ${forge({ uid: 1 })}`);
    refuses(forge({ uid: 1 }, "none"));
    refuses(forge({ uid: 1 }, "HS256", "another secret"));
    refuses(`${forge({ uid: 1 })}x`);
    refuses("a".repeat(1_000_000));
    refuses(forge({ uid: 1, pad: "x".repeat(5000) }));
  });

  test("exp counts without leeway: at exp itself the token is over", () => {
    const token = forge({ uid: 1, exp: NOW });
    assert.equal(verifierAt(NOW - 1).verify(token).uid, 1);
    refuses(token, NOW);
    refuses(forge({ uid: 1, exp: 0 }), 0);
  });

  test("iat and nbf in the future are refused, but for the seconds by which two clocks may differ", () => {
    for (const claim of ["iat", "nbf"]) {
      assert.equal(verifierAt(NOW).verify(forge({ uid: 1, [claim]: NOW })).uid, 1);
      assert.equal(verifierAt(NOW).verify(forge({ uid: 1, [claim]: NOW + 5 })).uid, 1);
      refuses(forge({ uid: 1, [claim]: NOW + 6 }));
    }
  });

  test("a time that is not a number is refused, a missing exp is valid", () => {
    for (const exp of [String(NOW + 60), null, true, {}]) refuses(forge({ uid: 1, exp }));
    assert.equal(verifierAt(NOW * 10).verify(forge({ uid: 1 })).uid, 1);
  });

  test("a token without a usable uid or with an unknown role is refused", () => {
    for (const uid of [undefined, null, "1", 0, -1, 1.5, 2 ** 53, [], {}]) refuses(forge({ uid }));
    for (const role of [-1, 4, "2", 1.5, null]) refuses(forge({ uid: 1, role }));
    for (const claims of [null, 1, "x", []]) refuses(forge(claims));
  });

  test("a token that was verified before still expires", () => {
    const { verify, clock } = verifierAt(NOW);
    const token = forge({ uid: 1, exp: NOW + 10 });
    assert.equal(verify(token).uid, 1);
    clock.now = (NOW + 10) * 1000;
    assert.throws(() => verify(token), /expired/);
  });
});
