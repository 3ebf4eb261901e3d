import assert from "node:assert/strict";
import { it } from "node:test";
import { backgroundCall, Call } from "@mall/kit/call";
import { silentLogger } from "@mall/kit/log";
import { systemRuntime as runtime } from "@mall/kit/runtime";
import { standingJob } from "./index.ts";

const context = { log: silentLogger, runtime };

it("a standing job looks again soon after a look that would outlast its attempt: that is no failure", async () => {
  const looks: Call[] = [];
  const handler = standingJob(context, "nothing", (call) => {
    looks.push(call);
    return new Promise(() => {});
  });
  const attempt = new Call({ deadline: runtime.now() + 50 });
  assert.deepEqual(await handler(attempt), { again: 5_000 });
  assert.equal(attempt.error, undefined, "the attempt goes on");
  assert.equal(looks[0]?.error?.code, "DEADLINE_EXCEEDED", "the look does not");
});

it("a standing job that its process breaks off is not said to have looked", async () => {
  const handler = standingJob(context, "nothing", () => new Promise(() => {}));
  const attempt = backgroundCall();
  const outcome = handler(attempt);
  attempt.cancel();
  await assert.rejects(outcome, { code: "CANCELLED" });
});
