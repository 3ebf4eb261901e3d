import { useState, useSyncExternalStore } from "react";

let open = 0;
const listeners = new Set<() => void>();

/** Says that a dialog is open; gives what says that it is closed. */
export function noteDialog(): () => void {
  count(1);
  return () => count(-1);
}

function count(by: number): void {
  open += by;
  for (const listen of listeners) listen();
}

function listenTo(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * What was read, as it was when a dialog was opened, until that is closed: an act whose row is gone, or which may not be
 * done any more, would take its dialog away under the hands of whoever is at it. What they confirm the server decides.
 */
export function useHeld<T>(latest: T): T {
  const isOpen = useSyncExternalStore(listenTo, () => open > 0);
  const [held, hold] = useState(latest);
  if (!isOpen && held !== latest) hold(() => latest);
  return isOpen ? held : latest;
}
