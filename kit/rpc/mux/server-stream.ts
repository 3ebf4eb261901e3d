import { type ServerDuplexStream, status } from "@grpc/grpc-js";
import { AppError, toAppError } from "@mall/kit/errors";
import type { Logger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";
import { MESSAGE_BYTES_MAX } from "../message.ts";
import { detailsIn, toGrpcStatus } from "../status.ts";
import type { IncomingCall, WireMethod } from "../wire-method.ts";
import { MalformedFrame, MUX_VERSION, RECORD } from "./frame.ts";
import { FrameReader } from "./frame-reader.ts";
import type { FrameWriter } from "./frame-writer.ts";
import { IncomingMuxCall } from "./incoming-mux-call.ts";
import { Outbox } from "./outbox.ts";
import { AnswerRecord, FailureRecord, IdRecord } from "./records.ts";

/**
 * How many calls of one stream may be without an answer. Far beyond what a healthy peer has under way: it bounds
 * the memory that one connection can claim, and a client whose calls all hang can still make others.
 */
const WINDOW = 16_384;

/** Longer answers travel in parts of this size, bytes, so that no frame is long. */
const PART_BYTES = 16 * 1024;

export interface MuxServerStreamOptions {
  readonly runtime: Runtime;
  readonly log: Logger;
  readonly stream: ServerDuplexStream<Buffer, Buffer>;
  /** Every method that is served, by path. */
  readonly methods: ReadonlyMap<string, WireMethod>;
  /** Lets a call of a method pass, or rejects. */
  readonly admit: ((path: string) => Promise<void>) | undefined;
  onEnd(): void;
}

/** The server's side of one stream. */
export class MuxServerStream {
  readonly #runtime: Runtime;
  readonly #log: Logger;
  readonly #stream: ServerDuplexStream<Buffer, Buffer>;
  /** Path and method by number. */
  readonly #methods: readonly (readonly [string, WireMethod])[];
  readonly #admit: MuxServerStreamOptions["admit"];
  readonly #peer: string;
  readonly #outbox: Outbox;
  readonly #running = new Map<number, IncomingMuxCall>();
  #lastId = 0;
  /** True when no more calls are taken. */
  #leaving = false;
  #over = false;

  constructor({ runtime, log, stream, methods, admit, onEnd }: MuxServerStreamOptions) {
    this.#runtime = runtime;
    this.#log = log;
    this.#stream = stream;
    this.#methods = [...methods];
    this.#admit = admit;
    this.#peer = stream.getPeer();
    this.#outbox = new Outbox(runtime, stream);
    this.#outbox.push(tableRecord([...methods.keys()]));
    stream.on("data", (frame: Buffer) => this.#receive(frame));
    stream.on("end", () => this.#finishRunning());
    stream.on("drain", () => stream.resume());
    const end = (): void => {
      this.#drop();
      onEnd();
    };
    // A status was sent, or the client is gone.
    stream.on("finish", end).on("cancelled", end);
  }

  /** Takes no more calls, tells the client so, and ends when those under way are answered. */
  leave(): void {
    if (this.#leaving) return;
    this.#outbox.push(new IdRecord(RECORD.leave, this.#lastId));
    this.#finishRunning();
  }

  #finishRunning(): void {
    this.#leaving = true;
    if (this.#running.size === 0) this.#outbox.end();
  }

  #receive(frame: Buffer): void {
    if (this.#over) return;
    try {
      const reader = new FrameReader(frame);
      while (!reader.atEnd) this.#take(reader);
    } catch (error) {
      if (!(error instanceof MalformedFrame)) throw error;
      this.#refuse(error);
    }
    // Who does not take answers is not to ask for more of them; the stream resumes when it drains.
    if (this.#outbox.full) this.#stream.pause();
  }

  #take(reader: FrameReader): void {
    const kind = reader.kind();
    const id = reader.number();
    if (kind === RECORD.call) this.#takeCall(id, reader);
    else if (kind === RECORD.cancel) this.#running.get(id)?.cancel();
    else throw new MalformedFrame("holds a record of no known kind");
  }

  #takeCall(id: number, reader: FrameReader): void {
    const method = this.#methods[reader.number()];
    const left = reader.number();
    const header = readHeaders(reader);
    const request = reader.bytes();
    if (method === undefined) throw new MalformedFrame("calls a method that the table lacks");
    if (id <= this.#lastId) throw new MalformedFrame("holds ids that do not ascend");
    // The client knows that calls after the last id are not started.
    if (this.#leaving) return;
    if (this.#running.size >= WINDOW) throw new MalformedFrame("goes beyond the window");
    this.#lastId = id;
    const deadline = left === 0 ? Number.POSITIVE_INFINITY : this.#runtime.now() + left;
    const call = new IncomingMuxCall({ request, deadline, peer: this.#peer, header });
    this.#running.set(id, call);
    this.#serve(method, call).then(
      (answer) => this.#answer(id, answer),
      (error: unknown) => this.#fail(id, toAppError(error)),
    );
  }

  #serve([path, method]: readonly [string, WireMethod], call: IncomingMuxCall): Promise<Buffer> {
    const admitted = this.#admit?.(path);
    return admitted === undefined ? method(call) : admitted.then(() => method(call));
  }

  #answer(id: number, answer: Buffer): void {
    if (answer.length > MESSAGE_BYTES_MAX) {
      this.#fail(id, tooLong(answer.length));
      return;
    }
    let from = 0;
    for (; answer.length - from > PART_BYTES; from += PART_BYTES) {
      const part = answer.subarray(from, from + PART_BYTES);
      this.#outbox.push(new AnswerRecord(id, part, false, answer.length));
    }
    const last = from === 0 ? answer : answer.subarray(from);
    this.#outbox.push(new AnswerRecord(id, last, true, answer.length));
    this.#finish(id);
  }

  #fail(id: number, error: AppError): void {
    const { code, details: text, metadata } = toGrpcStatus(error);
    this.#outbox.push(new FailureRecord(id, { code, text, details: detailsIn(metadata) }));
    this.#finish(id);
  }

  #finish(id: number): void {
    this.#running.delete(id);
    if (this.#leaving && this.#running.size === 0) this.#outbox.end();
  }

  #refuse(error: MalformedFrame): void {
    this.#log.warn({ address: this.#peer, error }, "a multiplexed stream was aborted");
    this.#drop();
    // The library makes the stream's status of such an error.
    this.#stream.emit("error", { code: status.INVALID_ARGUMENT, details: error.message });
  }

  /** Nobody waits for answers any more. */
  #drop(): void {
    if (this.#over) return;
    this.#over = true;
    this.#leaving = true;
    this.#outbox.close();
    for (const call of this.#running.values()) call.cancel();
  }
}

function tableRecord(paths: readonly string[]) {
  return {
    size: 0,
    writeTo: (writer: FrameWriter) => {
      writer.kind(RECORD.table);
      writer.number(MUX_VERSION);
      writer.number(WINDOW);
      writer.number(paths.length);
      for (const path of paths) writer.text(path);
    },
  };
}

const NO_HEADERS = (): undefined => undefined;

function readHeaders(reader: FrameReader): IncomingCall["header"] {
  const count = reader.number();
  if (count === 0) return NO_HEADERS;
  const headers = new Map<string, string>();
  for (let index = 0; index < count; index += 1) headers.set(reader.text(), reader.text());
  return (name) => headers.get(name);
}

/** As grpc-js says it of an answer in the unary form. */
function tooLong(bytes: number): AppError {
  const text = `Received message larger than max (${bytes} vs ${MESSAGE_BYTES_MAX})`;
  return new AppError("RESOURCE_EXHAUSTED", "RESOURCE_EXHAUSTED", text);
}
