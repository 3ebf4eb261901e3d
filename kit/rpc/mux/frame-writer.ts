import { CONTINUES, VARINT_BYTES_MAX } from "./frame.ts";

/** Smallest space in a frame's memory that is worth starting in, bytes. */
const SPACE_MIN = 4 * 1024;
const SLAB_BYTES = 64 * 1024;

/** Writes frames, one after the other, into memory that is shared by many small ones. */
export class FrameWriter {
  #slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  #start = 0;
  #position = 0;

  /** Bytes of the frame so far. */
  get length(): number {
    return this.#position - this.#start;
  }

  /** Gives the frame and begins the next one. */
  finish(): Buffer {
    const frame = this.#slab.subarray(this.#start, this.#position);
    this.#start = this.#position;
    if (this.#slab.length - this.#position < SPACE_MIN) this.#renew(SLAB_BYTES);
    return frame;
  }

  kind(kind: number): void {
    this.#reserve(1);
    this.#slab[this.#position++] = kind;
  }

  /** @param value a whole number from 0 to 2^53-1 */
  number(value: number): void {
    this.#reserve(VARINT_BYTES_MAX);
    let rest = value;
    while (rest >= CONTINUES) {
      this.#slab[this.#position++] = (rest % CONTINUES) | CONTINUES;
      rest = Math.floor(rest / CONTINUES);
    }
    this.#slab[this.#position++] = rest;
  }

  bytes(bytes: Uint8Array): void {
    this.number(bytes.length);
    this.#reserve(bytes.length);
    this.#slab.set(bytes, this.#position);
    this.#position += bytes.length;
  }

  text(text: string): void {
    const length = Buffer.byteLength(text);
    this.number(length);
    this.#reserve(length);
    this.#slab.write(text, this.#position, length);
    this.#position += length;
  }

  #reserve(bytes: number): void {
    if (this.#slab.length - this.#position < bytes) this.#renew(this.length + bytes + SLAB_BYTES);
  }

  /** Goes on in fresh memory, with what the frame at hand holds so far. */
  #renew(size: number): void {
    const slab = Buffer.allocUnsafeSlow(size);
    this.#slab.copy(slab, 0, this.#start, this.#position);
    this.#position = this.length;
    this.#start = 0;
    this.#slab = slab;
  }
}
