import type { Call } from "@mall/kit/call";
import type { AppError } from "@mall/kit/errors";
import type { Runtime } from "@mall/kit/runtime";
import type { PeerLoad } from "../peer-load.ts";
import type { WireRequest } from "../wire-request.ts";
import { RECORD } from "./frame.ts";
import type { FrameWriter } from "./frame-writer.ts";
import type { OutgoingRecord } from "./outbox.ts";
import { RECORD_HEAD_BYTES } from "./records.ts";

/** What a call needs from the stream it travels on. */
export interface CallCarrier {
  readonly runtime: Runtime;
  /** Gives a call its id when it is about to be written; undefined if it is not to be sent any more. */
  begin(pending: PendingCall): number | undefined;
  /** Tells the peer that nobody waits for the answer of a call any more. */
  abandon(id: number): void;
}

/** A call that is to be sent. */
export interface Sending {
  readonly request: WireRequest;
  /** Its method's number in the peer's table. */
  readonly method: number;
  readonly call: Call;
  /** Of the peer that it goes to. */
  readonly load: PeerLoad;
}

/** A call between its caller and its answer. */
export class PendingCall implements OutgoingRecord {
  readonly size: number;
  readonly #carrier: CallCarrier;
  readonly #request: WireRequest;
  readonly #method: number;
  readonly #call: Call;
  readonly #leaveCall: () => void;
  readonly #endLoad: (succeeded: boolean) => void;
  #resolve: (answer: Buffer) => void = () => {};
  #reject: (error: Error) => void = () => {};
  #parts: Buffer[] | undefined;
  #partBytes = 0;
  #id: number | undefined;
  #over = false;
  readonly answer: Promise<Buffer>;

  constructor(carrier: CallCarrier, sending: Sending) {
    const { request, method, call, load } = sending;
    this.#carrier = carrier;
    this.#request = request;
    this.#method = method;
    this.#call = call;
    this.size = requestSize(request);
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#endLoad = load.begin();
    this.#leaveCall = call.onDone((error) => this.#abandon(error));
  }

  /** True when nobody waits for the answer any more. */
  get over(): boolean {
    return this.#over;
  }

  writeTo(writer: FrameWriter): void {
    const id = this.#carrier.begin(this);
    if (id === undefined) return;
    this.#id = id;
    const { bytes, headers } = this.#request;
    writer.kind(RECORD.call);
    writer.number(id);
    writer.number(this.#method);
    writer.number(millisecondsLeft(this.#call, this.#carrier.runtime));
    writer.number(headers.length);
    for (const [name, value] of headers) {
      writer.text(name);
      writer.text(value);
    }
    writer.bytes(bytes);
  }

  /** Takes a part of the answer that is not the last; gives the bytes of all so far. */
  addPart(part: Buffer): number {
    this.#parts ??= [];
    this.#parts.push(part);
    this.#partBytes += part.length;
    return this.#partBytes;
  }

  /** The last part of the answer has come. */
  succeed(last: Buffer): void {
    if (!this.#settle(true)) return;
    this.#resolve(this.#parts === undefined ? last : Buffer.concat([...this.#parts, last]));
  }

  /** @param peerFault whether the failure speaks against the peer */
  fail(error: Error, peerFault: boolean): void {
    if (this.#settle(!peerFault)) this.#reject(error);
  }

  #settle(succeeded: boolean): boolean {
    if (this.#over) return false;
    this.#over = true;
    this.#leaveCall();
    this.#endLoad(succeeded);
    return true;
  }

  /** The caller's time is over, or it went away. The peer counts the time itself. */
  #abandon(error: AppError): void {
    const late = error.code === "DEADLINE_EXCEEDED";
    if (!this.#settle(!late)) return;
    if (this.#id !== undefined && !late) this.#carrier.abandon(this.#id);
    this.#reject(error);
  }
}

/** What a request takes in a frame, about. */
export function requestSize({ bytes, headers }: WireRequest): number {
  let size = RECORD_HEAD_BYTES + bytes.length;
  for (const [name, value] of headers) size += name.length + value.length;
  return size;
}

function millisecondsLeft(call: Call, runtime: Runtime): number {
  if (!Number.isFinite(call.deadline)) return 0;
  return Math.max(1, Math.ceil(call.deadline - runtime.now()));
}
