import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { forEachDatabase } from "@mall/kit/testing";
import { call, openPayWorld, type PayWorld } from "../rpc/test-pay-world.ts";
import { expire } from "./expire.ts";

/** A database that is away for a moment must not keep what is due waiting for much longer. */
const SOON_MS = 5_000;

forEachDatabase("payments at their end", (databases) => {
  let world: PayWorld;
  before(async () => {
    world = await openPayWorld(databases);
  });
  after(() => world.close());

  it("are looked for again soon where the database could not be asked", async () => {
    const { context } = world;
    const away = { ...context.payModel, findDue: () => Promise.reject(new Error("the database is away")) };
    const failed = await expire({ ...context, payModel: away })(call());
    assert.ok(failed !== undefined && failed.again <= SOON_MS, JSON.stringify(failed));
  });
});
