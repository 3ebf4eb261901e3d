import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createManualRuntime } from "@mall/kit/testing";
import { Turns } from "./turns.ts";

describe("turns", () => {
  it("lets the next go as soon as a place is free", () => {
    const { turns, went, ask } = createTurns({ inFlightMax: 2 });
    for (const name of ["a", "b", "c", "d"]) ask(name);
    assert.deepEqual(went, ["a", "b"]);
    turns.end();
    assert.deepEqual(went, ["a", "b", "c"]);
  });

  it("waits for the one that is out, and no longer than its patience", () => {
    const { runtime, turns, went, ask } = createTurns({ inFlightMax: 2, patienceMs: 20 });
    ask("a");
    runtime.advance(15);
    ask("b");
    runtime.advance(4);
    assert.deepEqual(went, ["a"]);
    runtime.advance(1);
    assert.deepEqual(went, ["a", "b"]);
    ask("c");
    runtime.advance(1000);
    assert.deepEqual(went, ["a", "b"], "no more than two are out");
    turns.end();
    assert.deepEqual(went, ["a", "b", "c"], "both are out for longer than that");
  });

  it("lets the next go at once where nothing is out any more", () => {
    const { runtime, turns, went, ask } = createTurns({ inFlightMax: 2, patienceMs: 20 });
    for (const name of ["a", "b", "c"]) ask(name);
    runtime.advance(5);
    turns.end();
    assert.deepEqual(went, ["a", "b"]);
    runtime.advance(19);
    assert.deepEqual(went, ["a", "b"], "its patience begins with the one that is out");
    runtime.advance(1);
    assert.deepEqual(went, ["a", "b", "c"]);
  });
});

function createTurns(options: { inFlightMax: number; patienceMs?: number }): {
  runtime: ReturnType<typeof createManualRuntime>;
  turns: Turns;
  went: string[];
  ask: (name: string) => void;
} {
  const runtime = createManualRuntime();
  const turns = new Turns(runtime, options);
  const went: string[] = [];
  return { runtime, turns, went, ask: (name) => turns.take(() => went.push(name)) };
}
