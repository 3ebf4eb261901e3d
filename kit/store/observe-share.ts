import { type Observer, observeUntil, type SqlCommand } from "@mall/kit/observe";

/** What is waited for together with others has a place in the caller's trace: each sees how long its part took. */
export function observeShare<T>(
  observer: Pick<Observer, "sqlShare">,
  command: SqlCommand,
  part: Promise<T>,
): Promise<T> {
  const observation = observer.sqlShare?.(command);
  return observation === undefined ? part : observeUntil(observation, part);
}
