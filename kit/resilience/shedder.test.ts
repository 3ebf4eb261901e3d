import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createManualRuntime } from "@mall/kit/testing";
import { Shedder } from "./shedder.ts";

const THRESHOLD = 900;

/** A server that finishes ten requests each 10 ms: a thousand a second, when it has so many. */
class Server {
  readonly #runtime = createManualRuntime();
  readonly #running: number[] = [];
  #refused = 0;
  load = 0;
  readonly shedder = new Shedder({
    runtime: this.#runtime,
    cpuThreshold: THRESHOLD,
    measureLoad: () => this.load,
    onRefusal: () => {
      this.#refused += 1;
    },
  });

  get running(): number {
    return this.#running.length;
  }

  /** Runs for some seconds while `perSecond` requests arrive; returns how many were refused. */
  serve(seconds: number, perSecond: number): number {
    const before = this.#refused;
    for (let step = 0; step < seconds * 100; step += 1) {
      for (let arrival = 0; arrival < perSecond / 100; arrival += 1) {
        if (!this.shedder.isOverloaded()) this.#running.push(this.shedder.begin());
      }
      this.#runtime.advance(10);
      for (const beganAt of this.#running.splice(0, 10)) this.shedder.end(beganAt, true);
    }
    return this.#refused - before;
  }
}

describe("a shedder", () => {
  it("refuses nobody while the load is below the threshold, however many requests are in work", () => {
    const server = new Server();
    server.load = THRESHOLD - 1;
    assert.equal(server.serve(20, 2000), 0);
    assert.equal(server.running, 20_000);
  });

  it("refuses nobody under full load while the work keeps up", () => {
    const server = new Server();
    server.load = 1000;
    assert.equal(server.serve(60, 1000), 0);
  });

  it("under twice what can be done refuses half, so that the rest is done in time", () => {
    const server = new Server();
    server.load = 1000;
    server.serve(60, 2000);
    const refused = server.serve(10, 2000);
    assert.ok(Math.abs(refused - 10_000) < 500, `${refused} of 20000 refused`);
    assert.ok(server.running < 200, `${server.running} wait for a server that does 1000 a second`);
  });

  it("notices a load within seconds, and forgets it as fast", () => {
    const server = new Server();
    server.serve(5, 100);
    server.load = 1000;
    assert.equal(server.serve(5, 2000), 0, "a short burst is taken");
    assert.ok(server.serve(10, 2000) > 0);
    server.load = 100;
    server.serve(10, 500);
    assert.equal(server.serve(10, 500), 0);
  });

  it("does not take work that fails quickly for a fast server", () => {
    const runtime = createManualRuntime();
    const options = { runtime, cpuThreshold: THRESHOLD, measureLoad: () => 1000, onRefusal: () => {} };
    const shedder = new Shedder(options);
    runtime.advance(60_000);
    assert.equal(shedder.isOverloaded(), false);
    for (let request = 0; request < 1000; request += 1) shedder.end(shedder.begin(), false);
    runtime.advance(200);
    const begun = Array.from({ length: 9 }, () => shedder.begin());
    for (const beganAt of begun) shedder.end(beganAt, true);
    assert.equal(shedder.isOverloaded(), false);
  });
});
