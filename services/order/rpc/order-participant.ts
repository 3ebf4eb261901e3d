import { defineParticipant } from "@mall/kit/process";
import type { RowTransaction } from "@mall/kit/store";

/** Orders in the transactions of neighbours. */
export interface OrderParticipant {
  /** Makes an unpaid order paid that costs what came for it; false where it is not such an order. */
  pay(tx: RowTransaction, order: { readonly id: number; readonly amount: number }): Promise<boolean>;
}

export const ORDERS = defineParticipant<OrderParticipant>("order.orders");
