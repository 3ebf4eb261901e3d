import assert from "node:assert/strict";
import { it } from "node:test";
import { createManualRuntime } from "@mall/kit/testing";
import { AttemptLimiter } from "./attempt-limiter.ts";

function limiterOf(runtime = createManualRuntime()) {
  return { runtime, limiter: new AttemptLimiter({ runtime, attemptsMax: 3, windowMs: 1000, keysMax: 2 }) };
}

it("a key has its attempts and no more until its window is over", () => {
  const { runtime, limiter } = limiterOf();
  assert.deepEqual(
    [1, 2, 3, 4].map(() => limiter.take("a")),
    [true, true, true, false],
  );
  runtime.advance(999);
  assert.equal(limiter.take("a"), false);
  runtime.advance(1);
  assert.equal(limiter.take("a"), true);
});

it("a success gives a key all its attempts back", () => {
  const { limiter } = limiterOf();
  for (let index = 0; index < 3; index += 1) limiter.take("a");
  limiter.clear("a");
  assert.equal(limiter.take("a"), true);
});

it("keys do not count against each other", () => {
  const { limiter } = limiterOf();
  for (let index = 0; index < 4; index += 1) limiter.take("a");
  assert.equal(limiter.take("b"), true);
});
