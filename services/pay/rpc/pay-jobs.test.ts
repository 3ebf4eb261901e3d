import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { checkConfig, jobsConfig } from "@mall/kit/config";
import { createJobWorkers } from "@mall/kit/jobs";
import { silentLogger } from "@mall/kit/log";
import { noopObserver } from "@mall/kit/observe";
import { forEachDatabase, until } from "@mall/kit/testing";
import type { Channel } from "../channels/channel.ts";
import { ATTEMPT_STATE } from "../model/attempt-state.ts";
import { handleJobs } from "./handle-jobs.ts";
import { createPayJobs } from "./pay-jobs.ts";
import { openPayWorld, type PayWorld } from "./test-pay-world.ts";

const PLACES = 2;
const ATTEMPTS_EACH = 8;

forEachDatabase("jobs that ask channels", (databases) => {
  let world: PayWorld;
  before(async () => {
    world = await openPayWorld(databases);
    await world.stop();
  });
  after(() => world.close());

  it("have places of their own at each account: one that never answers holds no other up", async (t) => {
    const { database, runtime } = world;
    const asked: Record<string, string[]> = { silent: [], lively: [] };
    const accounts = new Set(Object.keys(asked));
    const config = checkConfig("test", { Concurrency: PLACES }, jobsConfig);
    const workers = createJobWorkers({ runtime, log: silentLogger, observer: noopObserver, config });
    t.after(() => workers.drain(0));
    const queue = workers.open(database, "pay");
    const jobs = createPayJobs(queue, accounts);
    const channels = new Map([...accounts].map((name) => [name, channelThat(world, name, asked)]));
    handleJobs({ ...world.context, jobs, channels }, queue, accounts);
    for (const channel of accounts) await openAttempts(world, channel, jobs);
    runtime.shift(5_000);
    workers.start();
    await until("each lively attempt was asked about", () => new Set(asked.lively).size === ATTEMPTS_EACH);
    assert.ok((asked.silent?.length ?? 0) <= PLACES, String(asked.silent));
  });
});

/** A channel that says of each trade that it is open; the silent one says nothing before the call is over. */
function channelThat({ context }: PayWorld, name: string, asked: Record<string, string[]>): Channel {
  const sandbox = context.channels.get("sandbox");
  assert.ok(sandbox !== undefined);
  return {
    ...sandbox,
    name,
    query: async (call, { outTradeNo }) => {
      asked[name]?.push(outTradeNo);
      if (name === "lively") return { kind: "yes", value: { state: "open" } };
      return new Promise((resolve) => void call.onDone((cause) => resolve({ kind: "unknown", cause })));
    },
  };
}

/** Opens so many attempts at an account that are to be asked about, those of the silent one first. */
async function openAttempts(
  { context, database, runtime, openPay }: PayWorld,
  channel: string,
  jobs: ReturnType<typeof createPayJobs>,
): Promise<void> {
  const { id: payId } = await openPay();
  const expireTime = new Date(runtime.now() + 30 * 60_000);
  for (let n = 0; n < ATTEMPTS_EACH; n += 1) {
    const row = { payId, outTradeNo: `${channel}${n}`, channel, amount: 500, currency: "CNY", expireTime };
    const id = await context.attemptModel.insert({ ...row, state: ATTEMPT_STATE.pending });
    await database.transaction((tx) => jobs.queryAttempt(tx, { id, channel }));
  }
}
