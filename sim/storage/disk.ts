import type { Faults } from "../faults/index.ts";
import type { Kernel } from "../kernel/index.ts";
import type { Refusal } from "./service-database.ts";

/** How long a disk stays full, virtual milliseconds. */
const FULL_MS = [50, 8_000] as const;

/** The disk that a database lies on: it may be full for a while, for all who use it. */
export class Disk {
  readonly #kernel: Kernel;
  readonly #faults: Faults;
  readonly #name: string;
  #fullUntil = 0;

  constructor(kernel: Kernel, faults: Faults, name: string) {
    this.#kernel = kernel;
    this.#faults = faults;
    this.#name = name;
  }

  /** Why the next write must fail, if it must. */
  refusal(): Refusal | undefined {
    if (this.#faults.over) return undefined;
    const full = this.#faults.strikes("diskFull", this.#name);
    if (full !== undefined) this.#fullUntil = this.#kernel.now + full.random.int(...FULL_MS);
    if (this.#kernel.now < this.#fullUntil) return "full";
    return this.#faults.strikes("databaseBusy", this.#name) === undefined ? undefined : "busy";
  }
}
