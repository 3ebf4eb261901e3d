import assert from "node:assert/strict";
import { it } from "node:test";
import { Turns } from "./turns.ts";

it("work on one key takes turns, work on another does not wait, and a failure holds up nobody", async () => {
  const turns = new Turns();
  const log: string[] = [];
  const gate = Promise.withResolvers<void>();
  const work = (name: string, until?: Promise<void>) => async (): Promise<string> => {
    log.push(`${name} begins`);
    await until;
    log.push(`${name} ends`);
    return name;
  };
  const first = turns.run("a", work("1", gate.promise));
  const failed = turns.run("a", () => Promise.reject(new Error("no")));
  const third = turns.run("a", work("3"));
  assert.equal(await turns.run("b", work("other")), "other");
  assert.deepEqual(log, ["1 begins", "other begins", "other ends"]);
  gate.resolve();
  assert.equal(await first, "1");
  await assert.rejects(failed, /no/);
  assert.equal(await third, "3");
  assert.deepEqual(log.slice(3), ["1 ends", "3 begins", "3 ends"]);
});
