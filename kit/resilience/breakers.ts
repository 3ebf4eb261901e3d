import type { Runtime } from "@mall/kit/runtime";
import { Breaker, breakerOpen } from "./breaker.ts";

/** What a breaker stands in front of. */
export type BreakerKind = "http" | "http_client" | "rpc_server" | "rpc_client" | "sql";

export interface BreakersOptions {
  readonly runtime: Runtime;
  /** Told of every call that one of the breakers refused. */
  readonly onRefusal: (kind: BreakerKind, name: string) => void;
}

/** Makes the breakers of a process. */
export class Breakers {
  readonly #options: BreakersOptions;

  constructor(options: BreakersOptions) {
    this.#options = options;
  }

  /** A new breaker; `name` says what is behind it, e.g. `POST:///api/pay/create`. */
  create(kind: BreakerKind, name: string): Breaker {
    const { runtime, onRefusal } = this.#options;
    return new Breaker(runtime, () => onRefusal(kind, name));
  }
}

/** What an error says about whoever the call was made to. `nothing`: neither that it is well nor that it is not. */
export type Verdict = "failed" | "answered" | "nothing";

/**
 * Runs `work` unless the breaker refuses it, and reports its end. `isFailure` says which results speak against
 * whoever gave them; none does by default.
 *
 * @throws AppError UNAVAILABLE BREAKER_OPEN, or whatever `work` throws.
 */
export async function runBehind<T>(
  breaker: Breaker,
  judge: (error: unknown) => Verdict,
  work: () => Promise<T>,
  isFailure: (result: T) => boolean = () => false,
): Promise<T> {
  if (!breaker.allow()) throw breakerOpen();
  try {
    const result = await work();
    report(breaker, isFailure(result) ? "failed" : "answered");
    return result;
  } catch (error) {
    report(breaker, judge(error));
    throw error;
  }
}

/** Tells a breaker how a call ended that failed. */
export function report(breaker: Breaker, verdict: Verdict): void {
  if (verdict === "failed") breaker.fail();
  if (verdict === "answered") breaker.succeed();
}
