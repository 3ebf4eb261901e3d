import type { Runtime } from "@mall/kit/runtime";
import { Fifo } from "./fifo.ts";
import { FrameWriter } from "./frame-writer.ts";

/** What a side has to say, until it is written into a frame. */
export interface OutgoingRecord {
  /** About how many bytes it takes, or all that is to keep its order with it. */
  readonly size: number;
  /** Writes the record, or nothing if it is no longer worth saying. */
  writeTo(writer: FrameWriter): void;
}

/** The stream that frames go to: a grpc-js stream of either side. */
export interface FrameSink {
  /** Takes a frame; false asks to wait for `drain` before the next. */
  write(frame: Buffer): unknown;
  end(): void;
  on(event: "drain", listener: () => void): unknown;
}

/** Records up to this many bytes go ahead of longer ones. */
const SMALL_BYTES_MAX = 4 * 1024;
/** A frame takes small records up to this length, and then long ones up to the next. */
const SMALL_SHARE_BYTES = 48 * 1024;
const FRAME_BYTES = 64 * 1024;

/**
 * Gathers the records of an event-loop tick into frames, one frame a tick while there is more, none while the
 * stream is full. Small records and long ones wait in a queue each, and every frame has room for both: a
 * thousand large answers delay a small one by one large record a frame, and a flood of small ones does not hold
 * up the large. Within a queue it is first come, first served: what waits ahead of a record in its queue is at
 * most what the window of the stream admits, microseconds each. Turns by caller would need to know callers, which
 * the protocol does not, and would cost each call more than it waits.
 */
export class Outbox {
  readonly #runtime: Runtime;
  readonly #sink: FrameSink;
  readonly #writer = new FrameWriter();
  readonly #small = new Fifo<OutgoingRecord>();
  readonly #large = new Fifo<OutgoingRecord>();
  #scheduled = false;
  #full = false;
  #ending = false;
  #closed = false;

  constructor(runtime: Runtime, sink: FrameSink) {
    this.#runtime = runtime;
    this.#sink = sink;
    sink.on("drain", () => {
      this.#full = false;
      this.#flush();
    });
  }

  /** True while the stream is full, because the other side does not read. */
  get full(): boolean {
    return this.#full;
  }

  push(record: OutgoingRecord): void {
    if (this.#closed || this.#ending) return;
    (record.size <= SMALL_BYTES_MAX ? this.#small : this.#large).push(record);
    this.#schedule();
  }

  /** Ends the stream after what waits; takes no more. */
  end(): void {
    if (this.#closed || this.#ending) return;
    this.#ending = true;
    this.#schedule();
  }

  /** The stream is gone: gives back what waits. */
  close(): OutgoingRecord[] {
    this.#closed = true;
    return [...this.#small.takeAll(), ...this.#large.takeAll()];
  }

  #schedule(): void {
    if (this.#scheduled || this.#full) return;
    this.#scheduled = true;
    this.#runtime.setImmediate(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#closed || this.#full) return;
    this.#fill(this.#small, SMALL_SHARE_BYTES);
    this.#fill(this.#large, FRAME_BYTES);
    if (this.#writer.length > 0) this.#full = this.#sink.write(this.#writer.finish()) === false;
    if (!this.#small.empty || !this.#large.empty) this.#schedule();
    else if (this.#ending) {
      this.#closed = true;
      this.#sink.end();
    }
  }

  /** Writes records into the frame as long as it is shorter than `bytes`. */
  #fill(records: Fifo<OutgoingRecord>, bytes: number): void {
    while (this.#writer.length < bytes) {
      const record = records.shift();
      if (record === undefined) return;
      record.writeTo(this.#writer);
    }
  }
}
