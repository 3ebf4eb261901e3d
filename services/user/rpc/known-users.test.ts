import assert from "node:assert/strict";
import { test } from "node:test";
import { backgroundCall } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { createManualRuntime } from "@mall/kit/testing";
import { userNotFound } from "./errors.ts";
import { KnownUsers } from "./known-users.ts";

const MINUTE_MS = 60_000;

/** A user rpc whose answers the test decides, and what it was asked. */
function openWorld(usersMax?: number) {
  const runtime = createManualRuntime();
  const asked: number[] = [];
  const refusals = new Map<number, AppError>();
  const userInfo = async (_call: object, { id }: { readonly id: number }) => {
    asked.push(id);
    const refusal = refusals.get(id);
    if (refusal !== undefined) throw refusal;
    return { id, name: "ving", gender: 1, mobile: "1" };
  };
  const users = new KnownUsers({ userRpc: { userInfo }, runtime, ...(usersMax && { usersMax }) });
  return { runtime, asked, refusals, demand: (id: number) => users.demand(backgroundCall(), id) };
}

test("who was there once is not asked about again for ten minutes, however often he is demanded", async () => {
  const { runtime, asked, refusals, demand } = openWorld();
  await demand(7);
  refusals.set(7, userNotFound());
  runtime.advance(10 * MINUTE_MS - 1);
  await demand(7);
  assert.deepEqual(asked, [7]);
  runtime.advance(1);
  await assert.rejects(demand(7), { reason: "USER_NOT_FOUND" });
  assert.deepEqual(asked, [7, 7]);
});

test("neither that nobody is there nor that nobody answers is remembered", async () => {
  const { asked, refusals, demand } = openWorld();
  for (const refusal of [userNotFound(), new AppError("UNAVAILABLE", "UNAVAILABLE", "away")]) {
    refusals.set(7, refusal);
    await assert.rejects(demand(7), { reason: refusal.reason });
  }
  refusals.delete(7);
  await demand(7);
  await demand(7);
  assert.deepEqual(asked, [7, 7, 7]);
});

test("beyond a number of users the one who was asked about longest ago is forgotten", async () => {
  const { runtime, asked, demand } = openWorld(2);
  for (const id of [1, 2, 1, 3]) {
    await demand(id);
    runtime.advance(1);
  }
  await demand(2);
  await demand(3);
  await demand(1);
  assert.deepEqual(asked, [1, 2, 3, 1]);
});
