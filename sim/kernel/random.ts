/** Numbers that follow from a seed and a name alone: who draws them elsewhere does not move them. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number) {
    this.#a = seed >>> 0;
    this.#b = mix(seed, 0x9e3779b9);
    this.#c = mix(seed, 0x85ebca6b);
    for (let round = 0; round < 8; round += 1) this.uint32();
  }

  /** 0 … 2^32−1 (Chris Doty-Humphrey's sfc32). */
  uint32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return sum >>> 0;
  }

  /** 0 ≤ x < 1. */
  float(): number {
    return this.uint32() / 0x100000000;
  }

  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.float() * (high - low + 1));
  }

  /** As `int`, but each order of magnitude is as likely as every other one; `low` is at least 1. */
  logInt(low: number, high: number): number {
    return Math.round(low * (high / low) ** this.float());
  }

  /** True in `probability` of the cases. */
  chance(probability: number): boolean {
    return this.float() < probability;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.int(0, items.length - 1)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  }

  bytes(length: number): Uint8Array {
    const bytes = Buffer.alloc(length);
    for (let index = 0; index < length; index += 1) bytes[index] = this.uint32() & 0xff;
    return bytes;
  }
}

/** A well spread 32-bit number of two others (the finalizer of MurmurHash3). */
export function mix(left: number, right: number): number {
  let hash = (left ^ Math.imul(right, 0x9e3779b1)) | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A 32-bit number of a text (FNV-1a), going on from `hash`. */
export function hashText(text: string, hash = 0x811c9dc5): number {
  let current = hash | 0;
  for (let index = 0; index < text.length; index += 1) {
    current = Math.imul(current ^ text.charCodeAt(index), 0x01000193);
  }
  return current >>> 0;
}
