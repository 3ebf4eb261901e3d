import type { Saga } from "@mall/kit/saga";

/** A checked order request; the payload of the saga that creates it. */
export type Ordered = {
  readonly uid: number;
  readonly pid: number;
  readonly amount: number;
  readonly num: number;
  /** Whether the request has an idempotency key, to be settled when the saga ends. */
  readonly keyed: boolean;
};

export type Created = { readonly id: number };

/** A cancelled order as it was read; the payload of the saga that reopens it. */
export type Cancelled = {
  readonly id: number;
  /** As `orderName` gives it. */
  readonly name: string;
  readonly pid: number;
  readonly num: number;
  readonly reservation: number;
  /** What was paid, minor units, which must still be the order's amount; left out if the caller did not say. */
  readonly amount?: number;
};

/** Whether the order was reopened; false if it changed its state in the meantime. */
export type Reopened = { readonly reopened: boolean };

/** The sagas that span orders and products. */
export interface OrderSagas {
  readonly create: Saga<Ordered, Created>;
  readonly reopen: Saga<Cancelled, Reopened>;
}
