import assert from "node:assert/strict";
import { it, test } from "node:test";
import { Call } from "@mall/kit/call";
import { createManualRuntime, forEachDatabase, until } from "@mall/kit/testing";
import { JOB_STATE } from "./job-state.ts";
import { LeaseKeeper } from "./lease-keeper.ts";
import { createProcess, openJobs, rowsOf } from "./test-jobs.ts";

const LEASE_MS = 2_000;

forEachDatabase("jobs: the lease of an attempt of a long kind", (databases) => {
  it("is renewed while it goes on, and is lost where somebody else has the job", async (t) => {
    const database = await openJobs(databases);
    const { queue, workers, enqueue } = createProcess(t, database, { Lease: LEASE_MS });
    const ends: string[] = [];
    const begun: Call[] = [];
    const end = Promise.withResolvers<void>();
    const work = (call: Call) => {
      begun.push(call);
      call.onDone((error) => ends.push(error.code));
      return end.promise;
    };
    queue.handle("work", work, { isLong: true });
    workers.start();
    await enqueue({});
    await enqueue({});
    await until("both are begun", () => begun.length === 2);
    const [, before] = await rowsOf(database);
    const lose = "UPDATE job SET claim = 'another' WHERE id < ?";
    await database.write({ sql: lose, parameters: [before?.id ?? 0] });
    await until("the lease is renewed", async () => {
      const [, after] = await rowsOf(database);
      return after !== undefined && before !== undefined && after.dueAt > before.dueAt;
    });
    await until("the other call has ended", () => ends.length === 1);
    assert.equal((await rowsOf(database))[0]?.claim, "another");
    end.resolve();
    await until("it is done", async () => (await rowsOf(database))[1]?.state === JOB_STATE.done);
    assert.deepEqual([ends, begun.length], [["DEADLINE_EXCEEDED"], 2]);
  });
});

/** A lease of three seconds, of which two are for work, and what the database answers when it is renewed. */
function keep(answers: (boolean | Error)[]) {
  const runtime = createManualRuntime();
  const call = new Call();
  const renew = async (): Promise<boolean> => {
    const answer = answers.shift() ?? new Error("no answer");
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const keeper = new LeaseKeeper({ runtime, call, leftMs: 2_000, everyMs: 750, renew });
  const pass = async (ms: number): Promise<string | undefined> => {
    runtime.advance(ms);
    await new Promise((resolve) => setImmediate(resolve));
    return call.error?.code;
  };
  return { runtime, keeper, pass };
}

test("a lease is kept for as long as it is renewed", async () => {
  const { runtime, keeper, pass } = keep(Array(10).fill(true));
  for (let second = 1; second <= 10; second += 1) assert.equal(await pass(1_000), undefined);
  keeper.stop();
  assert.equal(runtime.timersPending, 0);
});

test("a database that does not answer once is asked again, and one that never does has the work end in time", async () => {
  const { runtime, pass } = keep([true, new Error("no answer"), true]);
  const ends: unknown[] = [];
  // Renewed after 750 and 2250 ms.
  for (let ms = 250; ms <= 4_250; ms += 250) ends.push(await pass(250));
  assert.deepEqual(ends, [...Array(16).fill(undefined), "DEADLINE_EXCEEDED"]);
  assert.equal(runtime.timersPending, 0);
});

test("a lease that is somebody else's ends the work at once", async () => {
  const { pass } = keep([false]);
  assert.equal(await pass(1_000), "DEADLINE_EXCEEDED");
});
