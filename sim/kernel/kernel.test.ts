import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Kernel, type Owner } from "./kernel.ts";

/** An owner that dies at its nth event; 0 for never. */
function mortal(diesAt = 0): Owner & { alive: boolean } {
  let events = 0;
  return {
    alive: true,
    survives() {
      events += 1;
      if (events === diesAt) this.alive = false;
      return this.alive;
    },
  };
}

/** What ten racing loops do in the run of a seed. */
async function playLoops(seed: number): Promise<string> {
  const kernel = new Kernel(seed, { records: true });
  const random = kernel.random("delays");
  for (let index = 0; index < 10; index += 1) {
    const loop = async (): Promise<void> => {
      for (let round = 0; round < 20; round += 1) {
        await kernel.pause(random.int(0, 3));
        kernel.log(`loop ${index}`, `round ${round}`);
      }
    };
    void loop();
  }
  await kernel.run(1_000);
  return JSON.stringify(kernel.timeline.entries) + kernel.timeline.fingerprint;
}

describe("the kernel", () => {
  it("does the same in the same order for the same seed, and another order for another one", async () => {
    assert.equal(await playLoops(1), await playLoops(1));
    assert.notEqual(await playLoops(1), await playLoops(2));
  });

  it("lets virtual time pass without real time", async () => {
    const kernel = new Kernel(1);
    const began = performance.now();
    let woken = 0;
    kernel.schedule(3_600_000, () => {
      woken = kernel.now;
    });
    await kernel.run(7_200_000);
    assert.equal(woken, 3_600_000);
    assert.equal(kernel.now, 7_200_000);
    assert.ok(performance.now() - began < 1_000);
  });

  it("lets all promises settle between two events, however deep they are chained", async () => {
    const kernel = new Kernel(1);
    const seen: string[] = [];
    kernel.schedule(1, () => {
      const chain = async (): Promise<void> => {
        for (let depth = 0; depth < 1_000; depth += 1) await undefined;
        process.nextTick(() => Promise.resolve().then(() => seen.push("chain")));
      };
      void chain();
    });
    kernel.schedule(1.001, () => seen.push("next event"));
    await kernel.run(10);
    assert.deepEqual(seen, ["chain", "next event"]);
  });

  it("lets nothing of the dead happen: no timer, no pause", async () => {
    const kernel = new Kernel(1);
    const owner = mortal(2);
    const seen: number[] = [];
    const live = async (): Promise<void> => {
      for (let step = 1; ; step += 1) {
        await kernel.pause(1, owner);
        seen.push(step);
      }
    };
    void live();
    kernel.schedule(5, () => seen.push(99), owner);
    assert.equal(await kernel.run(100), "idle");
    assert.deepEqual(seen, [1]);
  });

  it("ends with the first failure, also one that is thrown while it looks whether it is over", async () => {
    const kernel = new Kernel(1);
    kernel.schedule(1, () => {
      throw new Error("first");
    });
    await assert.rejects(kernel.run(10), /first/);
    const checked = new Kernel(1);
    const check = (): boolean => {
      throw new Error("check");
    };
    await assert.rejects(checked.run(10, check), /check/);
  });

  it("draws each stream by itself", () => {
    const kernel = new Kernel(7);
    const alone = kernel.random("a");
    const expected = [alone.uint32(), alone.uint32()];
    const again = kernel.random("a");
    const first = again.uint32();
    kernel.random("b").uint32();
    assert.deepEqual([first, again.uint32()], expected);
    assert.notEqual(kernel.random("b").uint32(), expected[0]);
  });
});
