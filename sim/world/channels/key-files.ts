import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** In memory, on Linux: nothing of a simulation is to outlast its process. */
const MEMORY = "/dev/shm";
/** A file is known to be another by its length too, where a clock is too coarse to tell. */
const LENGTHS = 64;

/** The files that an operator keeps keys of accounts in (`KeysFile`), for all runs of this process. */
export class KeyFiles {
  readonly #folder = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), "mall-sim-keys-"));
  #written = 0;

  constructor() {
    process.on("exit", () => rmSync(this.#folder, { recursive: true, force: true }));
  }

  pathOf(account: string): string {
    return join(this.#folder, `${account}.yaml`);
  }

  /** Puts these keys in place of what the file had; whoever reads meanwhile has all of the one or of the other. */
  write(account: string, keys: object): void {
    this.#written += 1;
    const path = this.pathOf(account);
    writeFileSync(`${path}.new`, `${JSON.stringify(keys)}${"\n".repeat(1 + (this.#written % LENGTHS))}`);
    renameSync(`${path}.new`, path);
  }
}
