import type { Observation } from "./observer.ts";

/** Runs a piece of work that ends at once, under observation. */
export function observeNow<T>(observation: Observation<unknown>, work: () => T): T {
  try {
    const result = work();
    observation.end(undefined);
    return result;
  } catch (error) {
    observation.end(error);
    throw error;
  }
}

/** Passes a result on once the observer knows how it ended. */
export async function observeUntil<T>(observation: Observation<unknown>, result: Promise<T>): Promise<T> {
  try {
    const value = await result;
    observation.end(undefined);
    return value;
  } catch (error) {
    observation.end(error);
    throw error;
  }
}
