import type { Runtime } from "@mall/kit/runtime";

/** Asks again only when the last answer was asked for more than `ms` milliseconds ago; meanwhile it returns that one. */
export function heldFor<T>(runtime: Runtime, ms: number, ask: () => Promise<T>): () => Promise<T> {
  let held: { readonly answer: Promise<T>; readonly until: number } | undefined;
  return () => {
    if (held === undefined || runtime.elapsed() >= held.until) {
      held = { answer: ask(), until: runtime.elapsed() + ms };
    }
    return held.answer;
  };
}
