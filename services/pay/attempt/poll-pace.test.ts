import assert from "node:assert/strict";
import { it } from "node:test";
import { setImmediate } from "node:timers/promises";
import { pause } from "@mall/kit/async";
import { createManualRuntime } from "@mall/kit/testing";
import { createAskingLimits } from "./asking-limits.ts";
import { takeTurn } from "./poll-pace.ts";

const PER_SECOND = 20;
/** As many as a job kind has places by default. */
const PLACES = 16;
/** By which time goes on. */
const STEP_MS = 10;

function openAccount() {
  const runtime = createManualRuntime();
  const askingLimits = createAskingLimits(runtime, undefined, PER_SECOND);
  return { runtime, askingLimits };
}

/** Lets everything go on that waits for nothing but its turn in the event loop. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
}

/** How a thousand attempts were asked about. */
interface Asked {
  readonly seconds: number;
  /** Questions of one second. */
  readonly mostInSecond: number;
  /** Questions that waited for their answers at one time, which need as many connections. */
  readonly mostAtOnce: number;
}

/** Has jobs in all places take turns, one after the other, until all attempts were asked about. */
async function askAll(
  { runtime, askingLimits }: ReturnType<typeof openAccount>,
  attempts: number,
  answerMs: number,
): Promise<Asked> {
  let [left, atOnce, mostAtOnce] = [attempts, 0, 0];
  const askedAt: number[] = [];
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      if ((await takeTurn({ runtime, askingLimits }, "alipay")) === "none") {
        left += 1;
        continue;
      }
      askedAt.push(runtime.elapsed());
      atOnce += 1;
      mostAtOnce = Math.max(mostAtOnce, atOnce);
      await pause(runtime, answerMs);
      atOnce -= 1;
    }
  };
  const places = Array.from({ length: PLACES }, work);
  for (await settle(); runtime.timersPending > 0; await settle()) runtime.advance(STEP_MS);
  await Promise.all(places);
  const [first = 0] = askedAt;
  const bySecond = Map.groupBy(askedAt, (at) => Math.floor((at - first) / 1000));
  return {
    seconds: bySecond.size,
    mostInSecond: Math.max(...[...bySecond.values()].map(({ length }) => length)),
    mostAtOnce,
  };
}

it("a thousand open attempts are asked about as fast as their account allows, and no faster, on one connection", async () => {
  const asked = await askAll(openAccount(), 1000, 1000 / PER_SECOND - STEP_MS);
  assert.deepEqual(asked, { seconds: 50, mostInSecond: PER_SECOND, mostAtOnce: 1 });
});

it("a channel that takes longer to answer is asked as fast, by as many connections as that takes", async () => {
  const asked = await askAll(openAccount(), 1000, 4 * (1000 / PER_SECOND) - STEP_MS);
  assert.deepEqual(asked, { seconds: 50, mostInSecond: PER_SECOND, mostAtOnce: 4 });
});

it("an account waits for no other, and gives its place back where it has no turn for long", async () => {
  const account = openAccount();
  for (let turn = 0; turn < PER_SECOND; turn += 1) await account.askingLimits.poll.take("alipay");
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

it("a line that is too long is left for another time", async () => {
  const account = openAccount();
  const places = Array.from({ length: 100 }, () => takeTurn(account, "alipay"));
  for (await settle(); account.runtime.timersPending > 0; await settle()) account.runtime.advance(STEP_MS);
  const turns = await Promise.all(places);
  // Three seconds of twenty each, and the first.
  assert.equal(turns.filter((turn) => turn !== "none").length, 3 * PER_SECOND + 1);
});
