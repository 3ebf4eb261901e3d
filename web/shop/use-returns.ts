import { useEffect, useRef } from "preact/hooks";

/** Calls when the page comes back: from behind another, by the back button, or with the connection. */
export function useReturns(back: () => void): void {
  const latest = useRef(back);
  latest.current = back;
  useEffect(() => {
    const returned = (event: Event): void => {
      // The first show of a page is no return.
      if (event instanceof PageTransitionEvent && !event.persisted) return;
      if (document.visibilityState === "visible") latest.current();
    };
    addEventListener("pageshow", returned);
    addEventListener("online", returned);
    document.addEventListener("visibilitychange", returned);
    return () => {
      removeEventListener("pageshow", returned);
      removeEventListener("online", returned);
      document.removeEventListener("visibilitychange", returned);
    };
  }, []);
}
