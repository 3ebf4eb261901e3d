import type { AppError } from "@mall/kit/errors";
import { BREAKER_OPEN, type Breaker, breakerOpen } from "./breaker.ts";
import { report, type Verdict } from "./breakers.ts";
import { SERVICE_OVERLOADED, type Shedder, serviceOverloaded } from "./shedder.ts";

export interface GuardOptions {
  /** None: what fails is tried all the same. */
  readonly breaker: Breaker | undefined;
  /** None: whatever comes is taken into work. */
  readonly shedder: Shedder | undefined;
  readonly judge: (error: unknown) => Verdict;
}

/** Stands in front of one route or method: go-zero's breaker, and behind it the shedder. */
export class Guard {
  readonly #options: GuardOptions;

  constructor(options: GuardOptions) {
    this.#options = options;
  }

  /** @throws AppError UNAVAILABLE BREAKER_OPEN or RESOURCE_EXHAUSTED SERVICE_OVERLOADED. */
  admit(): void {
    const { breaker, shedder } = this.#options;
    if (breaker !== undefined && !breaker.allow()) throw breakerOpen();
    if (shedder?.isOverloaded() === true) throw serviceOverloaded();
  }

  /** The work begins; returns the moment, which `end` wants. */
  begin(): number {
    return this.#options.shedder?.begin() ?? 0;
  }

  /** The work has ended, with `error` if it failed. */
  end(beganAt: number, error?: unknown): void {
    const { breaker, shedder, judge } = this.#options;
    const verdict = error === undefined ? "answered" : judge(error);
    if (breaker !== undefined) report(breaker, verdict);
    shedder?.end(beganAt, verdict === "answered");
  }
}

/** Whether an error only says that a breaker or a shedder refused the call; both tell the log themselves. */
export function isRefusal({ reason }: AppError): boolean {
  return reason === BREAKER_OPEN || reason === SERVICE_OVERLOADED;
}
