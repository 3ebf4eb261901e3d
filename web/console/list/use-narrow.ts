import { useSyncExternalStore } from "react";

/** As wide as a phone that is held upright. */
const NARROW = matchMedia("(max-width: 600px)");

/** Whether the screen is too narrow for a table of many columns. */
export function useNarrow(): boolean {
  return useSyncExternalStore(watch, () => NARROW.matches);
}

function watch(changed: () => void): () => void {
  NARROW.addEventListener("change", changed);
  return () => NARROW.removeEventListener("change", changed);
}
