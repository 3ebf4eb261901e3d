import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createManualRuntime, type ManualRuntime } from "@mall/kit/testing";
import { Breaker } from "./breaker.ts";

/** Calls a service that is up or down, at a steady rate. */
class Caller {
  readonly #breakers: Breaker[];
  readonly #runtime: ManualRuntime;
  readonly #perSecond: number;
  refusals = 0;

  /** `breakers` stand in a row, as those of HTTP, rpc client, rpc server and SQL do. */
  constructor({ breakers, perSecond }: { breakers: number; perSecond: number }) {
    const random = createRandom(1);
    this.#runtime = { ...createManualRuntime(), randomBytes: random };
    this.#perSecond = perSecond;
    const onRefusal = (): void => {
      this.refusals += 1;
    };
    this.#breakers = Array.from({ length: breakers }, () => new Breaker(this.#runtime, onRefusal));
  }

  /** Calls for some seconds; returns how many calls of each second were answered. */
  call(seconds: number, up: boolean): number[] {
    return Array.from({ length: seconds }, () => {
      let answered = 0;
      for (let call = 0; call < this.#perSecond; call += 1) {
        this.#runtime.advance(1000 / this.#perSecond);
        if (this.#through(this.#breakers, up) === "answered") answered += 1;
      }
      return answered;
    });
  }

  /** Calls nobody for some seconds. */
  pause(seconds: number): void {
    this.#runtime.advance(seconds * 1000);
  }

  #through([breaker, ...further]: readonly Breaker[], up: boolean): "answered" | "failed" | "refused" {
    if (breaker === undefined) return up ? "answered" : "failed";
    if (!breaker.allow()) return "refused";
    const outcome = this.#through(further, up);
    if (outcome === "answered") breaker.succeed();
    if (outcome === "failed") breaker.fail();
    return outcome;
  }
}

/** Random bytes that are the same in each run. */
function createRandom(seed: number): (length: number) => Uint8Array {
  let state = seed;
  return (length) => {
    const bytes = new Uint8Array(length);
    for (let index = 0; index < length; index += 1) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      bytes[index] = state >>> 24;
    }
    return bytes;
  };
}

describe("a breaker", () => {
  it("lets every call through while a fifth of them fails", () => {
    const caller = new Caller({ breakers: 1, perSecond: 100 });
    for (let round = 0; round < 6; round += 1) {
      caller.call(4, true);
      caller.call(1, false);
    }
    assert.equal(caller.refusals, 0);
  });

  it("lets the first five calls of ten seconds through, whatever becomes of them", () => {
    const caller = new Caller({ breakers: 1, perSecond: 1 });
    caller.call(5, false);
    assert.equal(caller.refusals, 0);
  });

  it("spares what is down nearly all calls, but tries it every second", () => {
    const caller = new Caller({ breakers: 1, perSecond: 100 });
    caller.call(10, true);
    caller.call(20, false);
    const before = caller.refusals;
    caller.call(10, false);
    const made = 1000 - (caller.refusals - before);
    assert.ok(made >= 9 && made <= 40, `${made} of 1000 calls were made`);
  });

  it("forgets what was more than ten seconds ago", () => {
    const caller = new Caller({ breakers: 1, perSecond: 100 });
    caller.call(20, false);
    const known = caller.refusals;
    caller.pause(10);
    caller.call(1, true);
    assert.equal(caller.refusals, known);
  });

  for (const perSecond of [2, 20, 200]) {
    for (const outageSeconds of [5, 15, 60]) {
      it(`and three behind it let all of ${perSecond} calls a second through 10 s after ${outageSeconds} s of outage`, () => {
        const caller = new Caller({ breakers: 4, perSecond });
        caller.call(10, true);
        caller.call(outageSeconds, false);
        caller.call(10, true);
        assert.deepEqual(
          caller.call(5, true),
          Array.from({ length: 5 }, () => perSecond),
        );
      });
    }
  }
});
