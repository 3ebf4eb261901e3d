import type { JobsConfig } from "@mall/kit/config";
import type { KindOptions } from "./job-queue.ts";

/** Times `Jobs.Concurrency`: as many as share a transaction with the default. */
const INTERNAL_FACTOR = 4;

/** How many jobs of a kind go on at the same time. */
export function placesOf(
  { Concurrency }: Pick<JobsConfig, "Concurrency">,
  { isInternal }: KindOptions,
): number {
  return isInternal ? INTERNAL_FACTOR * Concurrency : Concurrency;
}
