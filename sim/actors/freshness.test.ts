import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AppError } from "@mall/kit/errors";
import type { Outcome } from "../world/index.ts";
import { Freshness } from "./freshness.ts";

const UPDATE = { route: "POST /api/product/update", uid: 1 };
const DETAIL = { route: "POST /api/product/detail", uid: 2, body: { id: 2 } };

/** A shelf that is emptied, filled, and then said to be empty. */
function emptiedAndFilled(copiesOfFirst: number): readonly string[] {
  const world = { now: 0, copies: 0 };
  const freshness = new Freshness({ now: () => world.now, wellSince: () => 0, copies: () => world.copies });
  const ask = (request: Parameters<Freshness["send"]>[0], value: object, copies: number): void => {
    world.now += 1;
    const end = freshness.send(request);
    world.now += 1;
    world.copies += copies;
    end({ kind: "yes", value });
  };
  ask({ ...UPDATE, body: { id: 2, status: 1 } }, {}, copiesOfFirst);
  ask({ ...UPDATE, body: { id: 2, status: 0 } }, {}, 0);
  ask(DETAIL, { id: 2, status: 1 }, 0);
  return freshness.stale;
}

describe("an answer with a value that was overwritten before the question", () => {
  it("is older than it may be", () => {
    assert.match(emptiedAndFilled(0).join(), /product 2 is said to have status 1/);
  });

  it("is right where the write after which it would be too old was done long before, and only answered then", () => {
    let now = 0;
    const freshness = new Freshness({ now: () => now, wellSince: () => 0, copies: () => 0 });
    const ask = (request: Parameters<Freshness["send"]>[0], outcome: Outcome<unknown>): void => {
      now += 1;
      const end = freshness.send(request);
      now += 1;
      end(outcome);
    };
    const first = { ...UPDATE, body: { id: 2, status: 0 }, key: "first" };
    ask(first, { kind: "unknown", error: new AppError("UNAVAILABLE", "NO_ANSWER", "no answer") });
    ask({ ...UPDATE, body: { id: 2, status: 1 }, key: "second" }, { kind: "yes", value: {} });
    ask(first, { kind: "yes", value: {} });
    ask(DETAIL, { kind: "yes", value: { id: 2, status: 1 } });
    assert.deepEqual(freshness.stale, []);
  });

  it("is right where a message of its write came twice, since the copy may have come last", () => {
    assert.deepEqual(emptiedAndFilled(1), []);
  });
});
