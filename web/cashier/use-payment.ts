import type { CashierViewResponse } from "@mall/pay/api";
import { useEffect, useState } from "preact/hooks";
import { type PaymentServer, Refusal } from "./server.ts";

/** What is known of a payment. */
export interface Payment {
  /** As it was last seen; undefined before that. */
  readonly view: CashierViewResponse | undefined;
  /** Why the link is not taken. */
  readonly refused: "expired" | "invalid" | undefined;
  readonly isOffline: boolean;
  /** Seconds until it can be paid no more, by the mall's clock; undefined where nothing ends it. */
  readonly secondsLeft: number | undefined;
  /** Takes what an answer tells. */
  learn(view: CashierViewResponse): void;
  /** Takes a refusal of the link. @returns whether it is one. */
  learnRefusal(error: unknown): boolean;
}

/** Follows a payment as long as the page is shown. */
export function usePayment(server: PaymentServer): Payment {
  const [seen, setSeen] = useState<{ readonly view: CashierViewResponse; readonly at: number }>();
  const [refused, setRefused] = useState<Payment["refused"]>();
  const [isOffline, setOffline] = useState(false);
  const learn = (view: CashierViewResponse): void => {
    setOffline(false);
    setSeen({ view, at: performance.now() });
  };
  const learnRefusal = (error: unknown): boolean => {
    if (!(error instanceof Refusal) || !/^(LINK_|PAY_NOT_FOUND)/.test(error.reason)) return false;
    setRefused(error.reason === "LINK_EXPIRED" ? "expired" : "invalid");
    return true;
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what learns only sets, and setters never change.
  useEffect(() => {
    let following = new AbortController();
    const follow = (): void => {
      following.abort();
      following = new AbortController();
      const tell = (news: CashierViewResponse | "offline"): void =>
        news === "offline" ? setOffline(true) : learn(news);
      server.follow(following.signal, tell).catch(learnRefusal);
    };
    follow();
    // A page that comes back, from behind another or by the back button, shows what is true by then.
    const again = (): void => {
      if (document.visibilityState === "visible") follow();
    };
    addEventListener("pageshow", again);
    addEventListener("online", again);
    document.addEventListener("visibilitychange", again);
    return () => {
      following.abort();
      removeEventListener("pageshow", again);
      removeEventListener("online", again);
      document.removeEventListener("visibilitychange", again);
    };
  }, [server]);
  return { view: seen?.view, refused, isOffline, secondsLeft: useSecondsLeft(seen), learn, learnRefusal };
}

/** Counts by how long ago the mall told its time, whatever the phone's clock says. */
function useSecondsLeft(
  seen: { readonly view: CashierViewResponse; readonly at: number } | undefined,
): number | undefined {
  const [now, setNow] = useState(performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 500);
    return () => clearInterval(timer);
  }, []);
  if (seen === undefined || seen.view.expireTime === 0) return undefined;
  const mallsNow = seen.view.now + Math.max(0, now - seen.at);
  return Math.max(0, Math.ceil((seen.view.expireTime * 1000 - mallsNow) / 1000));
}
