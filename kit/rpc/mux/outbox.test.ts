import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { test } from "node:test";
import { type Runtime, systemRuntime } from "@mall/kit/runtime";
import type { FrameWriter } from "./frame-writer.ts";
import { Outbox } from "./outbox.ts";

/** A stream that keeps its frames, and takes no more than it is told to. */
class Sink extends EventEmitter {
  readonly frames: Buffer[] = [];
  room = Number.POSITIVE_INFINITY;
  ended = false;

  write(frame: Buffer): boolean {
    this.frames.push(frame);
    this.room -= 1;
    return this.room > 0;
  }

  end(): void {
    this.ended = true;
  }

  drain(room: number): void {
    this.room = room;
    this.emit("drain");
  }
}

function setup() {
  const ticks: (() => void)[] = [];
  const runtime: Runtime = { ...systemRuntime, setImmediate: (callback) => ticks.push(callback) };
  const sink = new Sink();
  const tick = (): void => {
    for (const callback of ticks.splice(0)) callback();
  };
  return { sink, tick, ticks, outbox: new Outbox(runtime, sink) };
}

/** A record of so many bytes of one value. */
function record(value: number, size = 1) {
  return { size, writeTo: (writer: FrameWriter) => writeAll(writer, value, size) };
}

function writeAll(writer: FrameWriter, value: number, size: number): void {
  for (let index = 0; index < size; index += 1) writer.kind(value);
}

/** How often each value is in a frame. */
function counts(frame: Buffer | undefined): Record<number, number> {
  const found: Record<number, number> = {};
  for (const value of frame ?? []) found[value] = (found[value] ?? 0) + 1;
  return found;
}

test("the records of a tick travel in one frame, in their order", () => {
  const { sink, tick, outbox } = setup();
  for (const value of [1, 2, 3]) outbox.push(record(value));
  assert.equal(sink.frames.length, 0);
  tick();
  assert.deepEqual(sink.frames, [Buffer.from([1, 2, 3])]);
});

test("a backlog leaves in frames of bounded length, one a tick, with room for large and small in each", () => {
  const { sink, tick, ticks, outbox } = setup();
  for (let index = 0; index < 100; index += 1) outbox.push(record(1, 20_000));
  for (let index = 0; index < 1_000; index += 1) outbox.push(record(2, 1_000));
  while (ticks.length > 0) tick();
  for (const frame of sink.frames) assert.ok(frame.length < 90_000, `${frame.length} bytes`);
  const first = counts(sink.frames[0]);
  assert.ok((first[2] ?? 0) >= 48_000 && (first[1] ?? 0) >= 20_000, JSON.stringify(first));
  const total = counts(Buffer.concat(sink.frames));
  assert.deepEqual(total, { 1: 2_000_000, 2: 1_000_000 });
});

test("a stream that is full gets nothing until it drains", () => {
  const { sink, tick, outbox } = setup();
  sink.room = 1;
  outbox.push(record(1));
  tick();
  assert.equal(outbox.full, true);
  outbox.push(record(2));
  tick();
  assert.equal(sink.frames.length, 1);
  sink.drain(1);
  assert.deepEqual(sink.frames[1], Buffer.from([2]));
  assert.equal(outbox.full, true);
});

test("the end comes after what waits, and a record that has nothing to say makes no frame", () => {
  const { sink, tick, ticks, outbox } = setup();
  outbox.push({ size: 0, writeTo: () => {} });
  tick();
  assert.equal(sink.frames.length, 0);
  outbox.push(record(1, 70_000));
  outbox.push(record(2, 70_000));
  outbox.end();
  outbox.push(record(3));
  while (ticks.length > 0) tick();
  assert.deepEqual(counts(Buffer.concat(sink.frames)), { 1: 70_000, 2: 70_000 });
  assert.equal(sink.ended, true);
});

test("an outbox that is closed gives back what waits, and writes no more", () => {
  const { sink, tick, outbox } = setup();
  const [small, large] = [record(1), record(2, 10_000)];
  outbox.push(small);
  outbox.push(large);
  assert.deepEqual(outbox.close(), [small, large]);
  outbox.push(record(3));
  tick();
  outbox.end();
  tick();
  assert.deepEqual([sink.frames.length, sink.ended], [0, false]);
});
