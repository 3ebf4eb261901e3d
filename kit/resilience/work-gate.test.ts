import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { backgroundCall } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { WorkGate } from "./work-gate.ts";

const refusal = (): AppError => new AppError("RESOURCE_EXHAUSTED", "BUSY", "busy");

/** Work that ends when its test says so. */
function createWork() {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    started,
    end: (name: string): void => ends.get(name)?.(),
    start: (name: string) => (): Promise<string> => {
      started.push(name);
      return new Promise((resolve) => ends.set(name, () => resolve(name)));
    },
  };
}

describe("a work gate", () => {
  it("runs so many at once, the others in their order, and refuses who would wait too long", async () => {
    const gate = new WorkGate({ runningMax: 2, waitingMax: 2, refusal });
    const { started, end, start } = createWork();
    const names = ["a", "b", "c", "d"];
    const results = names.map((name) => gate.run(backgroundCall(), start(name)));
    await assert.rejects(gate.run(backgroundCall(), start("e")), { reason: "BUSY" });
    assert.deepEqual(started, ["a", "b"]);
    end("b");
    assert.equal(await results[1], "b");
    assert.deepEqual(started, ["a", "b", "c"]);
    end("a");
    end("c");
    await results[2];
    end("d");
    assert.deepEqual(await Promise.all(results), names);
    const again = gate.run(backgroundCall(), start("f"));
    end("f");
    assert.equal(await again, "f");
  });

  it("never starts work whose caller left, and gives its place in the line away", async () => {
    const gate = new WorkGate({ runningMax: 1, waitingMax: 1, refusal });
    const { started, end, start } = createWork();
    const first = gate.run(backgroundCall(), start("a"));
    const leaving = backgroundCall();
    const left = gate.run(leaving, start("b"));
    leaving.cancel();
    await assert.rejects(left, { code: "CANCELLED" });
    const last = gate.run(backgroundCall(), start("c"));
    end("a");
    await first;
    end("c");
    await last;
    assert.deepEqual(started, ["a", "c"]);
    await assert.rejects(gate.run(leaving, start("d")), { code: "CANCELLED" });
  });

  it("goes on after work that failed", async () => {
    const gate = new WorkGate({ runningMax: 1, waitingMax: 1, refusal });
    const failed = gate.run(backgroundCall(), () => Promise.reject(new Error("no")));
    const next = gate.run(backgroundCall(), async () => "yes");
    await assert.rejects(failed, /no/);
    assert.equal(await next, "yes");
  });
});
