import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Register } from "./register.ts";

const never = Number.POSITIVE_INFINITY;
const done = (endedAt: number) => ({ endedAt, acknowledgedAt: endedAt, isRefused: false });
const lost = { endedAt: never, acknowledgedAt: never, isRefused: false };

describe("what a reader may find", () => {
  it("is what was there before, until another value was acknowledged before the question", () => {
    const register = new Register();
    assert.ok(register.mayHold("old", 5));
    register.begin("new", 10)(done(20));
    assert.ok(register.mayHold("old", 15));
    assert.ok(!register.mayHold("old", 21));
    assert.ok(register.mayHold("new", 21));
  });

  it("is either of two values that were written at the same time", () => {
    const register = new Register();
    register.begin("one", 10)(done(20));
    register.begin("two", 15)(done(25));
    assert.ok(register.mayHold("one", 30) && register.mayHold("two", 30));
    assert.ok(!register.mayHold("old", 30));
  });

  it("is a value whose write nobody knows the end of, however late", () => {
    const register = new Register();
    register.begin("perhaps", 10)(lost);
    register.begin("two", 15)(done(25));
    assert.ok(register.mayHold("perhaps", 30));
  });

  it("is a value that a late copy of its message may write again, while it covers what was there before", () => {
    const register = new Register();
    register.begin("one", 10)({ endedAt: never, acknowledgedAt: 20, isRefused: false });
    assert.ok(!register.mayHold("old", 21));
    register.begin("two", 25)(done(30));
    assert.ok(register.mayHold("one", 40));
  });

  it("is no value whose write was refused", () => {
    const register = new Register();
    register.begin("one", 10)(done(20));
    register.begin("refused", 21)({ endedAt: 22, acknowledgedAt: never, isRefused: true });
    assert.ok(!register.mayHold("refused", 30));
  });
});
