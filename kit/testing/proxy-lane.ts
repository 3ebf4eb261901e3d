import type { Socket } from "node:net";

/** How long bytes are under way, milliseconds; each piece draws its own time. */
export interface DelayRange {
  readonly min: number;
  readonly max: number;
}

/** What one direction of a connection holds at most, bytes; whoever sends more has to wait, as with any network. */
const HELD_BYTES_MAX = 1024 * 1024;

interface Piece {
  /** Undefined: the sender has nothing more to say. */
  readonly bytes: Buffer | undefined;
  /** Milliseconds, as `performance.now()` counts. */
  readonly dueAt: number;
}

/** One direction of a connection, in which bytes take their time and keep their order. */
export class Lane {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #drawDelayMs: () => number;
  #pieces: Piece[] = [];
  #heldBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #isPaused = false;
  /** Whether the receiver has more than it can take. */
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

  /** Bytes that are under way. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Keeps everything until it is set free again. */
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
