import type { Saga } from "@mall/kit/saga";

/** What is ordered, once it was checked. */
export type Ordered = {
  readonly uid: number;
  readonly pid: number;
  readonly amount: number;
  readonly num: number;
  /** Whether the request has an idempotency key, which then waits for the saga's end. */
  readonly keyed: boolean;
};

export type Created = { readonly id: number };

/** A cancelled order as it was read. */
export type Cancelled = {
  readonly id: number;
  /** Its name among transactions. */
  readonly name: string;
  readonly pid: number;
  readonly num: number;
  readonly reservation: number;
  /** What was paid, and the order must still cost; left out where nobody says. */
  readonly amount?: number;
};

/** Whether the order was brought back; it may have come to its end meanwhile. */
export type Reopened = { readonly reopened: boolean };

/** The transactions over order and product. */
export interface OrderSagas {
  readonly create: Saga<Ordered, Created>;
  readonly reopen: Saga<Cancelled, Reopened>;
}
