import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AppError } from "@mall/kit/errors";
import { Call } from "./call.ts";

function refusedFor(code: string) {
  return (error: unknown) => error instanceof AppError && error.code === code;
}

describe("Call", () => {
  it("keeps the first reason it ended for", () => {
    const call = new Call();
    call.cancel();
    call.end(new AppError("DEADLINE_EXCEEDED", "DEADLINE_EXCEEDED", "late"));
    assert.equal(call.error?.code, "CANCELLED");
    assert.throws(() => call.throwIfDone(), refusedFor("CANCELLED"));
  });

  it("tells no listener that leaves while others are told", () => {
    const call = new Call();
    const told: string[] = [];
    const listen = (name: string, leaves: () => void) =>
      call.onDone(() => {
        told.push(name);
        leaves();
      });
    listen("first", () => leaveThird());
    listen("second", () => leaveFourth());
    const leaveThird = listen("third", () => {});
    const leaveFourth = listen("fourth", () => {});
    listen("fifth", () => {});
    call.cancel();
    assert.deepEqual(told, ["first", "second", "fifth"]);
  });

  it("tells a listener that comes late at once, and none that left", () => {
    const call = new Call();
    const told: string[] = [];
    const leave = call.onDone(() => told.push("left"));
    leave();
    call.cancel();
    call.onDone((error) => told.push(error.code));
    assert.deepEqual(told, ["CANCELLED"]);
  });
});
