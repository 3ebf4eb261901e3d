import { RECORD } from "./frame.ts";
import type { FrameWriter } from "./frame-writer.ts";
import type { OutgoingRecord } from "./outbox.ts";

/** Room for a kind, an id, a status and lengths, bytes. */
export const RECORD_HEAD_BYTES = 32;

/** The last, mostly the only, part of an answer; or one before it. */
export class AnswerRecord implements OutgoingRecord {
  readonly size: number;
  readonly #kind: number;
  readonly #id: number;
  readonly #bytes: Buffer;

  /** @param answerBytes how long the whole answer is: all its parts keep their order only in one queue */
  constructor(id: number, bytes: Buffer, isLast: boolean, answerBytes: number) {
    this.#kind = isLast ? RECORD.answer : RECORD.part;
    this.#id = id;
    this.#bytes = bytes;
    this.size = RECORD_HEAD_BYTES + answerBytes;
  }

  writeTo(writer: FrameWriter): void {
    writer.kind(this.#kind);
    writer.number(this.#id);
    writer.bytes(this.#bytes);
  }
}

/** How a call failed, as the trailers of a unary call would say it. */
export class FailureRecord implements OutgoingRecord {
  readonly #id: number;
  readonly #status: { readonly code: number; readonly text: string; readonly details: Buffer };

  constructor(
    id: number,
    status: { readonly code: number; readonly text: string; readonly details: Buffer },
  ) {
    this.#id = id;
    this.#status = status;
  }

  get size(): number {
    return RECORD_HEAD_BYTES + Buffer.byteLength(this.#status.text) + this.#status.details.length;
  }

  writeTo(writer: FrameWriter): void {
    writer.kind(RECORD.failure);
    writer.number(this.#id);
    writer.number(this.#status.code);
    writer.text(this.#status.text);
    writer.bytes(this.#status.details);
  }
}

/** A record that says no more than an id: CANCEL or LEAVE. */
export class IdRecord implements OutgoingRecord {
  readonly size = RECORD_HEAD_BYTES;
  readonly #kind: number;
  readonly #id: number;

  constructor(kind: typeof RECORD.cancel | typeof RECORD.leave, id: number) {
    this.#kind = kind;
    this.#id = id;
  }

  writeTo(writer: FrameWriter): void {
    writer.kind(this.#kind);
    writer.number(this.#id);
  }
}
