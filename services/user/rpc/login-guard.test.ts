import assert from "node:assert/strict";
import { it } from "node:test";
import { AttemptLimiter, SharedAttemptLimiter } from "@mall/kit/resilience";
import { createManualRuntime } from "@mall/kit/testing";
import { LoginGuard } from "./login-guard.ts";

const MOBILE = "13800000000";
const WINDOW_MS = 60_000;
const OWNER = { mobile: MOBILE, address: "198.51.100.1" };

function guardOf() {
  const runtime = createManualRuntime();
  const guard = new LoginGuard((_name, attemptsMax) => {
    const own = new AttemptLimiter({ runtime, attemptsMax, windowMs: WINDOW_MS, keysMax: 1000 });
    return new SharedAttemptLimiter(own, undefined);
  });
  return { runtime, guard };
}

async function guesses(guard: LoginGuard, address: string | undefined, count: number): Promise<number> {
  let taken = 0;
  for (let index = 0; index < count; index += 1) {
    if ((await guard.take({ mobile: MOBILE, address })) === 0) taken += 1;
  }
  return taken;
}

it("an address has ten guesses at an account, and the owner gets in from another one", async () => {
  const { guard, runtime } = guardOf();
  assert.equal(await guesses(guard, "203.0.113.9", 30), 10);
  assert.equal(await guard.take(OWNER), 0);
  assert.equal(await guesses(guard, "203.0.113.9", 1), 0);
  runtime.advance(WINDOW_MS);
  assert.equal(await guesses(guard, "203.0.113.9", 1), 1);
});

it("an account that is guessed at from a thousand addresses takes one guess of each, and lets its owner in each time", async () => {
  const { guard } = guardOf();
  for (let index = 0; index < 5; index += 1) await guesses(guard, `203.0.113.${index}`, 10);
  assert.equal(await guesses(guard, "192.0.2.1", 10), 1, "a new address");
  for (let login = 0; login < 12; login += 1) {
    assert.equal(await guard.take(OWNER), 0, `login ${login}`);
    guard.clear(OWNER);
  }
  assert.equal(await guesses(guard, "192.0.2.2", 10), 1, "the owner's success gives guessers nothing");
});

it("a guess that nobody looked at is given back, and clients of a peer that names no address count as one", async () => {
  const { guard } = guardOf();
  assert.equal(await guesses(guard, undefined, 30), 10);
  guard.giveBack({ mobile: MOBILE, address: undefined });
  assert.equal(await guesses(guard, undefined, 30), 1);
  assert.equal(await guard.take({ mobile: "13900000000", address: undefined }), 0);
});
