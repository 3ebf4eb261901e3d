import { CONTINUES, FRAME_BYTES_MAX, MalformedFrame, VARINT_BYTES_MAX } from "./frame.ts";

/** Reads the records of one frame; whatever the frame holds, it gives values or throws MalformedFrame. */
export class FrameReader {
  readonly #frame: Buffer;
  #position = 0;

  /** @throws MalformedFrame for a frame that is too long. */
  constructor(frame: Buffer) {
    if (frame.length > FRAME_BYTES_MAX) throw new MalformedFrame("is too long");
    this.#frame = frame;
  }

  get atEnd(): boolean {
    return this.#position >= this.#frame.length;
  }

  /** One of RECORD, or a number that is none. */
  kind(): number {
    return this.#byte();
  }

  number(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < VARINT_BYTES_MAX; count += 1) {
      const byte = this.#byte();
      value += (byte % CONTINUES) * scale;
      if (byte < CONTINUES) {
        if (!Number.isSafeInteger(value)) break;
        return value;
      }
      scale *= CONTINUES;
    }
    throw new MalformedFrame("holds a number beyond 2^53-1");
  }

  /** A view of the frame, which stays valid as long as it is held. */
  bytes(): Buffer {
    const length = this.number();
    const from = this.#advance(length);
    return this.#frame.subarray(from, from + length);
  }

  text(): string {
    const length = this.number();
    const from = this.#advance(length);
    return this.#frame.toString("utf8", from, from + length);
  }

  #byte(): number {
    const byte = this.#frame[this.#position];
    if (byte === undefined) throw new MalformedFrame("ends within a record");
    this.#position += 1;
    return byte;
  }

  /** Steps over so many bytes and gives where they begin. */
  #advance(length: number): number {
    const from = this.#position;
    if (length > this.#frame.length - from) throw new MalformedFrame("ends within a record");
    this.#position = from + length;
    return from;
  }
}
