import type { Bill } from "@mall/pay/api";

/** The state of a bill that is still to be compared. */
export const BILL_WAITS = 0;

/** The state of a bill as people see it: one that could not be compared has failed, and is tried again. */
export function billState({ state, error }: Pick<Bill, "state" | "error">): number | "failed" {
  return state === BILL_WAITS && error !== "" ? "failed" : state;
}

/** True of a bill that is about to be compared. */
export function isOnTheWay({ state, error }: Pick<Bill, "state" | "error">): boolean {
  return state === BILL_WAITS && error === "";
}
