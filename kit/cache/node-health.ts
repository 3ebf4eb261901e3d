import type { Logger } from "@mall/kit/log";
import type { Runtime, Timer } from "@mall/kit/runtime";
import { redisRefusal } from "./redis-refusal.ts";

/** Time between questions whether Redis answers again, milliseconds: doubled from the first to the second. */
const PROBE_MS_MIN = 20;
const PROBE_MS_MAX = 500;
/**
 * How long Redis must answer again before its entries are believed. Other processes may have changed rows
 * while it was away; each asks at least every 500 ms and deletes then what it could not delete before.
 */
const GRACE_MS = 2000;
/** A pause shorter than this is not worth a line in the log. */
const WARN_MS = 1000;
/** So long after it refused a command a server counts as one that would refuse it again, milliseconds. */
const REFUSED_MS = 60_000;
/** Questions without an answer after which the connection itself is given up. */
const UNANSWERED_MAX = 5;

export interface NodeHealthOptions {
  readonly runtime: Runtime;
  readonly log: Logger;
  /** Resolves if Redis answers. */
  readonly ping: () => Promise<unknown>;
  /** Makes the entries trustworthy, now that Redis answers. */
  readonly recover: () => Promise<void>;
  /** Replaces a connection on which nothing comes back. */
  readonly reconnect: () => void;
}

/**
 * Whether a Redis server can be asked, and whether what it says can be believed. One failure is enough for
 * neither; from then on nobody waits for it and the server is asked in the background until it is well.
 */
export class NodeHealth {
  readonly #options: NodeHealthOptions;
  #state: "down" | "settling" | "up" = "down";
  /** It was believed and went away. */
  #relapsed = false;
  #downSince: number;
  #answersSince: number | undefined;
  #unanswered = 0;
  #warned = false;
  /** What it last refused, and when. */
  #refusal: { readonly meaning: string; readonly at: number } | undefined;
  #probing = false;
  #closed = false;
  #timer: Timer | undefined;

  constructor(options: NodeHealthOptions) {
    this.#options = options;
    this.#downSince = options.runtime.now();
    this.#probeIn(0);
  }

  /** Its entries may be believed. */
  get trusted(): boolean {
    return this.#state === "up";
  }

  /** Why it is not used, as far as anybody can tell; undefined where it is. */
  get trouble(): string | undefined {
    const refusal = this.#refusal;
    // One command may be refused and all others not, so that it is tried again and again.
    if (refusal !== undefined && this.#options.runtime.now() - refusal.at < REFUSED_MS)
      return refusal.meaning;
    return this.trusted ? undefined : "it does not answer";
  }

  /** It answers; what it says may be older than the last writes. */
  get reachable(): boolean {
    return this.#state !== "down";
  }

  /** It did not answer, or not as it should. */
  fail(error: Error): void {
    this.noteRefusal(error);
    if (this.#state === "up") {
      this.#downSince = this.#options.runtime.now();
      this.#relapsed = true;
    }
    this.#state = "down";
    this.#answersSince = undefined;
    if (this.#closed || this.#probing) return;
    this.#warnOf(error);
    this.#probeIn(PROBE_MS_MIN);
  }

  /** Its entries must be looked at before they are believed again. */
  distrust(): void {
    if (this.#state === "up") this.#state = "settling";
    if (this.#state === "settling" && !this.#probing) this.#probeIn(0);
  }

  close(): void {
    this.#closed = true;
    this.#timer?.clear();
  }

  #probeIn(ms: number): void {
    if (this.#closed) return;
    this.#timer?.clear();
    this.#timer = this.#options.runtime.setTimer(() => void this.#probe(), ms);
  }

  async #probe(): Promise<void> {
    this.#probing = true;
    try {
      await this.#options.ping();
      this.#unanswered = 0;
      this.#state = "settling";
      this.#answersSince ??= this.#options.runtime.now();
      await this.#options.recover();
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(String(error)));
      this.#noteUnanswered(error);
    }
    this.#probing = false;
    this.#proceed();
  }

  /** After a question: believe, or ask again. */
  #proceed(): void {
    if (this.#state !== "settling" || this.#answersSince === undefined) {
      this.#probeIn(Math.min(PROBE_MS_MIN * 2 ** this.#unanswered, PROBE_MS_MAX));
      return;
    }
    const { runtime, log } = this.#options;
    const graceMs = this.#relapsed ? this.#answersSince + GRACE_MS - runtime.now() : 0;
    if (graceMs > 0) {
      this.#probeIn(Math.min(graceMs, PROBE_MS_MAX));
      return;
    }
    this.#state = "up";
    this.#relapsed = false;
    if (this.#warned) log.info({ duration: `${runtime.now() - this.#downSince}ms` }, "using the cache again");
    this.#warned = false;
  }

  /** Says once why a Redis that answers is of no use, and again when it is for another reason or after a while. */
  noteRefusal(error: unknown): void {
    const meaning = redisRefusal(error);
    if (meaning === undefined) return;
    const { runtime, log } = this.#options;
    const known = this.#refusal;
    const now = runtime.now();
    this.#refusal = { meaning, at: now };
    if (known?.meaning === meaning && now - known.at < REFUSED_MS) return;
    log.warn({ error }, `the cache cannot be used: ${meaning}`);
  }

  #noteUnanswered(error: unknown): void {
    this.#warnOf(error);
    this.#unanswered += 1;
    if (this.#unanswered % UNANSWERED_MAX === 0) this.#options.reconnect();
  }

  #warnOf(error: unknown): void {
    if (this.#warned || this.#options.runtime.now() - this.#downSince < WARN_MS) return;
    this.#warned = true;
    this.#options.log.warn({ error }, "the cache does not answer: rows come from the database");
  }
}
