import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./until.ts";

test("a wait ends with the value that was waited for", async () => {
  let looks = 0;
  const look = async (): Promise<number> => {
    looks += 1;
    return looks;
  };
  assert.equal(await until("three looks", look, { holds: (count) => count === 3, everyMs: 0 }), 3);
  assert.equal(await until("a fourth", async () => (await look()) === 4), true);
  assert.equal(looks, 4);
});

test("a wait in vain tells what was waited for, how long and what was seen last", async () => {
  await assert.rejects(
    until("the order is paid", () => ({ id: 7, status: 0 }), {
      holds: ({ status }) => status === 1,
      withinMs: 30,
    }),
    /^Error: not within \d{2,} ms: the order is paid; last seen: \{ id: 7, status: 0 \}$/,
  );
  await assert.rejects(
    until("rain", () => false, { withinMs: 0 }),
    /rain; last seen: false$/,
  );
});

test("a look that fails ends the wait with its error", async () => {
  const failing = (): never => {
    throw new Error("nobody is there");
  };
  await assert.rejects(until("somebody", failing), { message: "nobody is there" });
});
