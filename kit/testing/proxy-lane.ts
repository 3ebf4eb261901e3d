import type { Socket } from "node:net";

/** How long bytes are delayed, milliseconds; each chunk draws its own delay. */
export interface DelayRange {
  readonly min: number;
  readonly max: number;
}

/** The most that one direction of a connection holds, bytes; a sender of more has to wait, as on any network. */
const HELD_BYTES_MAX = 1024 * 1024;

interface Piece {
  /** Undefined: the sender ended the connection. */
  readonly bytes: Buffer | undefined;
  /** Milliseconds, as `performance.now()` counts. */
  readonly dueAt: number;
}

/** One direction of a connection, which delays bytes and keeps them in order. */
export class Lane {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #drawDelayMs: () => number;
  #pieces: Piece[] = [];
  #heldBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #isPaused = false;
  /** Whether the receiver's buffer is full. */
  #isFull = false;

  constructor(from: Socket, to: Socket, drawDelayMs: () => number) {
    this.#from = from;
    this.#to = to;
    this.#drawDelayMs = drawDelayMs;
    from.on("data", (bytes: Buffer) => this.#take(bytes));
    from.on("end", () => this.#take(undefined));
    to.on("drain", () => {
      this.#isFull = false;
      this.#passOn();
    });
    to.on("close", () => this.#clear());
  }

  /** Bytes in transit. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Holds everything back until it is released. */
  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.#passOn();
  }

  #take(bytes: Buffer | undefined): void {
    const dueAt = performance.now() + this.#drawDelayMs();
    // What came earlier arrives earlier.
    this.#pieces.push({ bytes, dueAt: Math.max(dueAt, this.#pieces.at(-1)?.dueAt ?? 0) });
    this.#heldBytes += bytes?.length ?? 0;
    if (this.#heldBytes > HELD_BYTES_MAX) this.#from.pause();
    this.#passOn();
  }

  #passOn(): void {
    clearTimeout(this.#timer);
    while (!this.#isPaused && !this.#isFull) {
      const [piece] = this.#pieces;
      if (piece === undefined) break;
      const restMs = piece.dueAt - performance.now();
      if (restMs > 0) {
        this.#timer = setTimeout(() => this.#passOn(), restMs);
        return;
      }
      this.#pieces.shift();
      this.#send(piece.bytes);
    }
  }

  #send(bytes: Buffer | undefined): void {
    if (bytes === undefined) {
      this.#to.end();
      return;
    }
    this.#heldBytes -= bytes.length;
    if (this.#from.isPaused() && this.#heldBytes <= HELD_BYTES_MAX) this.#from.resume();
    this.#isFull = !this.#to.write(bytes);
  }

  #clear(): void {
    clearTimeout(this.#timer);
    this.#pieces = [];
    this.#heldBytes = 0;
    this.#from.resume();
  }
}
