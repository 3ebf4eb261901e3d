import { type ClientDuplexStream, type ServiceError, type StatusObject, status } from "@grpc/grpc-js";
import type { Call } from "@mall/kit/call";
import type { Runtime } from "@mall/kit/runtime";
import { MESSAGE_BYTES_MAX } from "../message.ts";
import { isPeerFault, type PeerLoad } from "../peer-load.ts";
import { unavailable } from "../public-error.ts";
import { detailsMetadata, fromServiceError } from "../status.ts";
import type { WireRequest } from "../wire-request.ts";
import { Fifo } from "./fifo.ts";
import { MalformedFrame, MUX_VERSION, RECORD } from "./frame.ts";
import { FrameReader } from "./frame-reader.ts";
import { Outbox } from "./outbox.ts";
import { type CallCarrier, PendingCall } from "./pending-call.ts";
import { IdRecord } from "./records.ts";

/** What a call fails with that the peer has not begun and will not: it may be sent again. */
export class NotBegun extends Error {}

/** How a stream came to its end: the peer does not speak the multiplexed form, or is gone. */
export type StreamEnd = "plain" | "lost";

export interface MuxClientStreamOptions {
  readonly runtime: Runtime;
  /** Full name of the service that is called, for errors. */
  readonly service: string;
  readonly stream: ClientDuplexStream<Buffer, Buffer>;
  onEnd(end: StreamEnd): void;
}

/**
 * The client's side of one stream. It is `asking` until the peer's table has come, `open` while it takes calls,
 * `leaving` while it only waits for answers, and then `ended`.
 */
export class MuxClientStream implements CallCarrier {
  readonly runtime: Runtime;
  readonly #service: string;
  readonly #stream: ClientDuplexStream<Buffer, Buffer>;
  readonly #onEnd: (end: StreamEnd) => void;
  readonly #outbox: Outbox;
  #state: "asking" | "open" | "leaving" | "ended" = "asking";
  #methods: ReadonlyMap<string, number> = new Map();
  #window = 0;
  /** Calls that wait until the window has room. */
  readonly #waiting = new Fifo<PendingCall>();
  /** How many calls the outbox holds. */
  #queued = 0;
  /** Calls that were sent and have no answer yet, by id; also those that nobody waits for any more. */
  readonly #sent = new Map<number, PendingCall>();
  #lastId = 0;
  #readAll = false;
  #status: StatusObject | undefined;

  constructor({ runtime, service, stream, onEnd }: MuxClientStreamOptions) {
    this.runtime = runtime;
    this.#service = service;
    this.#stream = stream;
    this.#onEnd = onEnd;
    this.#outbox = new Outbox(runtime, stream);
    stream.on("data", (frame: Buffer) => this.#receive(frame));
    // The status says the same.
    stream.on("error", () => {});
    stream.on("status", (ending: StatusObject) => {
      this.#status = ending;
      this.#finishIfOver();
    });
    stream.on("end", () => {
      this.#readAll = true;
      this.#finishIfOver();
    });
  }

  get open(): boolean {
    return this.#state === "open";
  }

  /** Sends a call; undefined where the stream cannot carry it. The answer may fail as NotBegun. */
  send(request: WireRequest, call: Call, load: PeerLoad): Promise<Buffer> | undefined {
    const method = this.#methods.get(request.path);
    if (this.#state !== "open" || method === undefined) return undefined;
    const pending = new PendingCall(this, { request, method, call, load });
    this.#waiting.push(pending);
    this.#admit();
    return pending.answer;
  }

  /** Takes no more calls, and ends when those that were sent have their answers. */
  retire(): void {
    if (this.#state === "asking") this.cancel();
    else this.#leave(this.#lastId);
  }

  /** Ends the stream; calls that were sent fail as UNAVAILABLE. */
  cancel(): void {
    this.#finish("lost", unavailable(this.#service, undefined));
    this.#stream.cancel();
  }

  begin(pending: PendingCall): number | undefined {
    this.#queued -= 1;
    if (this.#state !== "open") pending.fail(new NotBegun(), false);
    if (pending.over) {
      this.#admit();
      return undefined;
    }
    this.#lastId += 1;
    this.#sent.set(this.#lastId, pending);
    return this.#lastId;
  }

  abandon(id: number): void {
    this.#outbox.push(new IdRecord(RECORD.cancel, id));
  }

  /** Lets waiting calls go as far as the window has room. */
  #admit(): void {
    while (!this.#waiting.empty && this.#queued + this.#sent.size < this.#window) {
      const pending = this.#waiting.shift();
      if (pending === undefined) return;
      this.#queued += 1;
      this.#outbox.push(pending);
    }
  }

  #receive(frame: Buffer): void {
    if (this.#state === "ended") return;
    try {
      const reader = new FrameReader(frame);
      while (!reader.atEnd) this.#take(reader);
    } catch (error) {
      if (!(error instanceof MalformedFrame)) throw error;
      this.#breakOff(error);
      return;
    }
    if (this.#state === "open") this.#admit();
    this.#endIfIdle();
  }

  #take(reader: FrameReader): void {
    const kind = reader.kind();
    if (kind === RECORD.table) this.#takeTable(reader);
    else if (kind === RECORD.leave) this.#leave(reader.number());
    else this.#takeAnswer(kind, reader);
  }

  #takeAnswer(kind: number, reader: FrameReader): void {
    const id = reader.number();
    const pending = this.#sent.get(id);
    if (pending === undefined) throw new MalformedFrame("answers a call that was not made");
    if (kind === RECORD.part) {
      if (pending.addPart(reader.bytes()) > MESSAGE_BYTES_MAX)
        throw new MalformedFrame("makes an answer too long");
      return;
    }
    this.#sent.delete(id);
    if (kind === RECORD.answer) pending.succeed(reader.bytes());
    else if (kind === RECORD.failure) this.#takeFailure(pending, reader);
    else throw new MalformedFrame("holds a record of no known kind");
  }

  #takeTable(reader: FrameReader): void {
    if (this.#state !== "asking") throw new MalformedFrame("brings a second table");
    if (reader.number() !== MUX_VERSION) throw new MalformedFrame("is of another version");
    this.#window = reader.number();
    const methods = new Map<string, number>();
    const count = reader.number();
    for (let index = 0; index < count; index += 1) methods.set(reader.text(), index);
    this.#methods = methods;
    this.#state = "open";
  }

  #takeFailure(pending: PendingCall, reader: FrameReader): void {
    const code = reader.number();
    const details = reader.text();
    const metadata = detailsMetadata(reader.bytes());
    const error: ServiceError = Object.assign(new Error(details), { code, details, metadata });
    pending.fail(fromServiceError(this.#service, error), isPeerFault(code, details));
  }

  /** The calls after this id are not begun any more. */
  #leave(lastId: number): void {
    if (this.#state === "ended") return;
    this.#state = "leaving";
    for (const [id, pending] of this.#sent) {
      if (id <= lastId) continue;
      this.#sent.delete(id);
      pending.fail(new NotBegun(), false);
    }
    for (const pending of this.#waiting.takeAll()) pending.fail(new NotBegun(), false);
    this.#endIfIdle();
  }

  #endIfIdle(): void {
    if (this.#state === "leaving" && this.#sent.size === 0) this.#outbox.end();
  }

  /** The peer says what no mall says. What it began stays open, and it is called in the plain form from now on. */
  #breakOff(error: MalformedFrame): void {
    this.#finish("plain", unavailable(this.#service, error));
    this.#stream.cancel();
  }

  /** Only when all that came was read does an end without error say what became of the calls. */
  #finishIfOver(): void {
    const ending = this.#status;
    if (ending === undefined) return;
    if (ending.code === status.OK) {
      if (this.#readAll) this.#finish("lost", new NotBegun());
    } else {
      const end = ending.code === status.UNIMPLEMENTED ? "plain" : "lost";
      this.#finish(end, unavailable(this.#service, ending));
    }
  }

  #finish(end: StreamEnd, error: Error): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    const notBegun = new NotBegun();
    for (const pending of this.#waiting.takeAll()) pending.fail(notBegun, false);
    for (const record of this.#outbox.close()) {
      if (record instanceof PendingCall) record.fail(notBegun, false);
    }
    for (const pending of this.#sent.values()) pending.fail(error, !(error instanceof NotBegun));
    this.#sent.clear();
    this.#onEnd(end);
  }
}
