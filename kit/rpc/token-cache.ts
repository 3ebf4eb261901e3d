import type { Logger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";

/** How long a found token is believed, milliseconds, and by what share of that more or less. */
const BELIEVED_MS = 5 * 60 * 1000;
const DEVIATION = 0.05;

/** The token of an app, or why there is none: the app was granted none, or nobody can tell now. */
export type FoundToken = { readonly token: string } | { readonly missing: "app" | "answer" };

/** Looks the token of an app up; undefined for an app that was granted none. Rejects where nobody answers. */
export type FindToken = (app: string) => Promise<string | undefined>;

interface TokenCacheOptions {
  readonly findToken: FindToken;
  readonly runtime: Runtime;
  readonly log: Logger;
}

/** The tokens of apps, as go-zero's authenticator remembers them: those that were found, for about five minutes. */
export class TokenCache {
  readonly #options: TokenCacheOptions;
  readonly #believed = new Map<string, { readonly found: FoundToken; readonly until: number }>();
  /** Lookups under way; who asks for the same app meanwhile shares the answer. */
  readonly #asked = new Map<string, Promise<FoundToken>>();
  #answering = true;

  constructor(options: TokenCacheOptions) {
    this.#options = options;
  }

  /** Never rejects. */
  async find(app: string): Promise<FoundToken> {
    const believed = this.#believed.get(app);
    if (believed !== undefined && this.#options.runtime.elapsed() < believed.until) return believed.found;
    const asked = this.#asked.get(app);
    if (asked !== undefined) return asked;
    const asking = this.#ask(app).finally(() => this.#asked.delete(app));
    this.#asked.set(app, asking);
    return asking;
  }

  async #ask(app: string): Promise<FoundToken> {
    this.#believed.delete(app);
    try {
      const token = await this.#options.findToken(app);
      this.#noteAnswer();
      if (token === undefined) return { missing: "app" };
      const found = { token };
      this.#believed.set(app, { found, until: this.#options.runtime.elapsed() + this.#believedMs() });
      return found;
    } catch (error) {
      this.#noteSilence(error);
      return { missing: "answer" };
    }
  }

  #believedMs(): number {
    const random = Buffer.from(this.#options.runtime.randomBytes(4)).readUInt32LE() / 2 ** 32;
    return BELIEVED_MS * (1 + DEVIATION - 2 * DEVIATION * random);
  }

  /** Calls come by the thousand: the log learns of changes only. */
  #noteSilence(error: unknown): void {
    if (this.#answering) this.#options.log.error({ error }, "rpc auth cannot look up tokens");
    this.#answering = false;
  }

  #noteAnswer(): void {
    if (!this.#answering) this.#options.log.info({}, "rpc auth can look up tokens again");
    this.#answering = true;
  }
}
