import assert from "node:assert/strict";
import { it } from "node:test";
import { AttemptLimiter, SharedAttemptLimiter, type SharedAttempts } from "@mall/kit/resilience";
import { createManualRuntime } from "@mall/kit/testing";
import { AttemptGuard } from "./attempt-guard.ts";

const ACCOUNT = "13800000000";
const WINDOW_MS = 60_000;
const OWNER = { account: ACCOUNT, address: "198.51.100.1" };

function guardOf(shared?: SharedAttempts) {
  const runtime = createManualRuntime();
  const limiter = (_name: string, attemptsMax: number): SharedAttemptLimiter => {
    const own = new AttemptLimiter({ runtime, attemptsMax, windowMs: WINDOW_MS, keysMax: 1000 });
    return new SharedAttemptLimiter(own, shared);
  };
  const guard = new AttemptGuard({ name: "test", addressMax: 10, accountMax: 50, limiter });
  return { runtime, guard };
}

async function guesses(guard: AttemptGuard, address: string | undefined, count: number): Promise<number> {
  let taken = 0;
  for (let index = 0; index < count; index += 1) {
    if ((await guard.take({ account: ACCOUNT, address })).waitSeconds === 0) taken += 1;
  }
  return taken;
}

it("an address has ten guesses at an account, and the owner gets in from another one", async () => {
  const { guard, runtime } = guardOf();
  assert.equal(await guesses(guard, "203.0.113.9", 30), 10);
  assert.equal((await guard.take(OWNER)).waitSeconds, 0);
  assert.equal(await guesses(guard, "203.0.113.9", 1), 0);
  runtime.advance(WINDOW_MS);
  assert.equal(await guesses(guard, "203.0.113.9", 1), 1);
});

it("an account that is guessed at from a thousand addresses takes one guess of each, and lets its owner in each time", async () => {
  const { guard } = guardOf();
  for (let index = 0; index < 5; index += 1) await guesses(guard, `203.0.113.${index}`, 10);
  assert.equal(await guesses(guard, "192.0.2.1", 10), 1, "a new address");
  for (let login = 0; login < 12; login += 1) {
    const attempt = await guard.take(OWNER);
    assert.equal(attempt.waitSeconds, 0, `login ${login}`);
    attempt.succeed();
  }
  assert.equal(await guesses(guard, "192.0.2.2", 10), 1, "the owner's success gives guessers nothing");
});

it("logins that succeed use up nothing of their account, and give back no guess of others", async () => {
  const { guard } = guardOf();
  for (let login = 0; login < 100; login += 1)
    (await guard.take({ ...OWNER, address: `192.0.2.${login}` })).succeed();
  assert.equal(await guesses(guard, "203.0.113.0", 10), 10);
  for (let index = 1; index < 4; index += 1) await guesses(guard, `203.0.113.${index}`, 10);
  // One that began before the others' last guesses was counted among them, and is all that comes back.
  const slow = await guard.take(OWNER);
  assert.equal(await guesses(guard, "203.0.113.4", 10), 10, "nine that are left, and the one of the crowd");
  slow.succeed();
  assert.equal(await guesses(guard, "203.0.113.5", 10), 2, "that one, and the one of the crowd");
});

it("an attempt that came to nothing is given back wherever it was counted, and clients of a peer that names no address count as one", async () => {
  const { guard } = guardOf();
  for (let index = 0; index < 100; index += 1)
    (await guard.take({ account: ACCOUNT, address: `192.0.2.${index}` })).giveBack();
  assert.equal(await guesses(guard, "203.0.113.0", 10), 10, "no crowd has come of them");
  assert.equal(await guesses(guard, undefined, 9), 9);
  const last = await guard.take({ account: ACCOUNT });
  assert.equal(await guesses(guard, undefined, 30), 0);
  last.giveBack();
  assert.equal(await guesses(guard, undefined, 30), 1);
  assert.equal((await guard.take({ account: "13900000000" })).waitSeconds, 0);
});

it("an attempt that was counted while the others could not be asked is not taken back from their count", async () => {
  const given: string[] = [];
  const shared: SharedAttempts = {
    take: async () => undefined,
    giveBack: async (key) => void given.push(key),
    clear: async () => {},
  };
  const { guard } = guardOf(shared);
  (await guard.take(OWNER)).giveBack();
  (await guard.take(OWNER)).succeed();
  assert.deepEqual(given, []);
});
