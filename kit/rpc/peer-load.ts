import { status } from "@grpc/grpc-js";
import { serviceOverloaded } from "@mall/kit/resilience";
import type { Runtime } from "@mall/kit/runtime";
import { isForPeople } from "./peer-text.ts";

/**
 * How long what was measured counts, milliseconds: after this time a figure weighs 1/e. A peer that is not
 * called is forgotten at the same pace, and so gets tried again.
 */
const MEMORY_MS = 2_000;

/** Weight of one call in a peer's success rate: seven failures in a row make a peer sick. */
const OUTCOME_WEIGHT = 0.1;
const HEALTHY_MIN = 0.5;

/** How long a sick peer rests before the next call tries it, milliseconds; doubled after each one that fails. */
const REST_MS_MIN = 1_000;
const REST_MS_MAX = 10_000;

/** Endings that speak against the peer, as in go-zero; any other error is an answer. */
const PEER_FAULTS: ReadonlySet<number> = new Set<number>([
  status.DEADLINE_EXCEEDED,
  status.INTERNAL,
  status.UNAVAILABLE,
  status.DATA_LOSS,
  status.UNIMPLEMENTED,
]);

const OVERLOADED = serviceOverloaded().message;

/**
 * True where a call that ended with this gRPC status speaks against its peer. RESOURCE_EXHAUSTED does so with
 * the text that go-zero and we shed load with, not where it says that one caller has had its share; INTERNAL does not with
 * a text for people, which is a refusal.
 */
export function isPeerFault(code: number, text: string): boolean {
  // go-zero 1.3.2 sheds with UNKNOWN.
  if (code === status.RESOURCE_EXHAUSTED || code === status.UNKNOWN) return text === OVERLOADED;
  if (code === status.INTERNAL && isForPeople(text)) return false;
  return PEER_FAULTS.has(code);
}

/** What is known of one peer from the calls made to it. */
export class PeerLoad {
  readonly #runtime: Runtime;
  #latencyMs = 0;
  #measuredAt: number;
  #running = 0;
  #successRate = 1;
  #restMs = REST_MS_MIN;
  #restsUntil = 0;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.#measuredAt = runtime.now();
  }

  /** True unless most of the latest calls failed through the peer's fault. */
  get healthy(): boolean {
    return this.#successRate >= HEALTHY_MIN;
  }

  /** True where a sick peer has rested enough for one call to try it. */
  get rested(): boolean {
    return this.#runtime.now() >= this.#restsUntil;
  }

  /** Lets a rested peer rest on, but for the one call that is now chosen to try it. */
  claimTry(): void {
    this.#restsUntil = this.#runtime.now() + this.#restMs;
  }

  /** What the next call would cost here: expected milliseconds for all calls that then run. */
  get cost(): number {
    return (this.#latencyMs * this.#fading(this.#runtime.now()) + 1) * (this.#running + 1);
  }

  /** A call begins. What it returns is to be called once, when it ends. */
  begin(): (succeeded: boolean) => void {
    const startedAt = this.#runtime.now();
    this.#running += 1;
    return (succeeded) => {
      this.#running -= 1;
      this.#measure(Math.max(0, this.#runtime.now() - startedAt));
      this.#judge(succeeded);
    };
  }

  /** A latency above the average counts at once, one below it by and by: trouble is to be noticed early. */
  #measure(latencyMs: number): void {
    const now = this.#runtime.now();
    const fading = this.#fading(now);
    this.#latencyMs =
      latencyMs > this.#latencyMs ? latencyMs : this.#latencyMs * fading + latencyMs * (1 - fading);
    this.#measuredAt = now;
  }

  #judge(succeeded: boolean): void {
    const wasHealthy = this.healthy;
    this.#successRate = this.#successRate * (1 - OUTCOME_WEIGHT) + (succeeded ? OUTCOME_WEIGHT : 0);
    // A sick peer that answers is well again: what it did before it rested says little about now.
    if (!wasHealthy && succeeded) this.#successRate = 1;
    if (this.healthy) this.#restMs = REST_MS_MIN;
    else if (!succeeded) this.#rest(wasHealthy);
  }

  #rest(first: boolean): void {
    this.#restMs = first ? REST_MS_MIN : Math.min(this.#restMs * 2, REST_MS_MAX);
    this.#restsUntil = this.#runtime.now() + this.#restMs;
  }

  /** How much of the last figure is left now, 1 to 0. */
  #fading(now: number): number {
    return Math.exp(-Math.max(0, now - this.#measuredAt) / MEMORY_MS);
  }
}

/**
 * The peer for the next call: the cheaper of two taken at random among the healthy ones. A sick peer gets
 * one call when it has rested; where all are sick, all count.
 *
 * @param random a number in [0, 1)
 */
export function choosePeer<Peer extends { readonly load: PeerLoad }>(
  peers: readonly Peer[],
  random: () => number,
): Peer | undefined {
  const healthy = peers.filter(({ load }) => load.healthy);
  const rested = peers.find(({ load }) => !load.healthy && load.rested);
  if (rested !== undefined && healthy.length > 0) {
    rested.load.claimTry();
    return rested;
  }
  const candidates = healthy.length > 0 ? healthy : peers;
  const first = Math.floor(random() * candidates.length);
  const step = 1 + Math.floor(random() * (candidates.length - 1));
  const one = candidates[first];
  const other = candidates[(first + step) % candidates.length];
  return one !== undefined && other !== undefined && other.load.cost < one.load.cost ? other : one;
}

/** Numbers in [0, 1) for choices that need no secrecy: xorshift, seeded by the runtime. */
export function createChance(runtime: Runtime): () => number {
  const seed = runtime.randomBytes(4);
  let state = new DataView(seed.buffer, seed.byteOffset, 4).getUint32(0) || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
