import type { SimCore } from "./sim-core.ts";

const TOKEN_DIGITS = 40;

/**
 * Files that can be fetched for a while by a token of their address. A restart forgets them: whoever has an address
 * asks for another one, as for one whose time is over.
 */
export class BillShelf<File> {
  readonly #core: SimCore;
  /** Not divided by the simulator's speed: it takes as long to follow an address as at the real one. */
  readonly #livesMs: number;
  readonly #files = new Map<string, { readonly file: File; readonly endsAt: number }>();

  constructor(core: SimCore, livesMs: number) {
    this.#core = core;
    this.#livesMs = livesMs;
  }

  /** Keeps a file as it is now, and returns its token. */
  put(file: File): string {
    this.#forget();
    const token = this.#core.hex(TOKEN_DIGITS);
    this.#files.set(token, { file, endsAt: this.#core.runtime.now() + this.#livesMs });
    return token;
  }

  /** The file of a token that lives, as often as it is asked for. */
  find(token: string): File | undefined {
    this.#forget();
    return this.#files.get(token)?.file;
  }

  #forget(): void {
    const now = this.#core.runtime.now();
    for (const [token, { endsAt }] of this.#files) if (endsAt <= now) this.#files.delete(token);
  }
}
