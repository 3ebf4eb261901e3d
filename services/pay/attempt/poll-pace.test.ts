import assert from "node:assert/strict";
import { it } from "node:test";
import { setImmediate } from "node:timers/promises";
import { createManualRuntime, type ManualRuntime } from "@mall/kit/testing";
import { createAskingLimits } from "./asking-limits.ts";
import { takeTurn } from "./poll-pace.ts";

const PER_SECOND = 20;
/** As many as a job kind has places by default. */
const PLACES = 16;

function openAccount() {
  const runtime = createManualRuntime();
  const askingLimits = createAskingLimits(runtime, undefined, PER_SECOND);
  return { runtime, askingLimits };
}

/** Lets everything go on that waits for nothing but its turn in the event loop. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
}

/** Has jobs in all places take turns, one after the other, until all attempts were asked about; the seconds they took. */
async function askAll(
  account: { runtime: ManualRuntime; askingLimits: ReturnType<typeof createAskingLimits> },
  attempts: number,
): Promise<{ seconds: number; mostInSecond: number }> {
  let [left, inSecond, mostInSecond, seconds] = [attempts, 0, 0, 0];
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      if ((await takeTurn(account, "alipay")) !== "none") inSecond += 1;
      else left += 1;
    }
  };
  const places = Array.from({ length: PLACES }, work);
  for (await settle(); left > 0 || account.runtime.timersPending > 0; await settle()) {
    mostInSecond = Math.max(mostInSecond, inSecond);
    inSecond = 0;
    seconds += 1;
    account.runtime.advance(1000);
  }
  await Promise.all(places);
  return { seconds, mostInSecond: Math.max(mostInSecond, inSecond) };
}

it("a thousand open attempts are asked about as fast as their account allows, and no faster", async () => {
  assert.deepEqual(await askAll(openAccount(), 1000), { seconds: 49, mostInSecond: PER_SECOND });
});

it("an account waits for no other, and gives its place back where it has no turn for long", async () => {
  const account = openAccount();
  for (let turn = 0; turn < PER_SECOND; turn += 1) assert.equal(await takeTurn(account, "alipay"), "now");
  assert.equal(await takeTurn(account, "wechat"), "now");
  const late = takeTurn(account, "alipay");
  for (let second = 0; second < 3; second += 1) {
    await settle();
    account.runtime.advance(1000);
    // Others are quicker each time.
    for (let turn = 0; turn < PER_SECOND; turn += 1) void account.askingLimits.poll.take("alipay");
  }
  assert.equal(await late, "none");
});
