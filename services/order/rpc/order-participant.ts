import { defineParticipant } from "@mall/kit/process";
import type { RowTransaction } from "@mall/kit/store";
import type { ServiceContext } from "./context.ts";

/** Lets other services mark orders as paid in their own transactions. */
export interface OrderParticipant {
  /** Marks an unpaid order as paid if its amount (minor units) is what was paid; false if there is no such order. */
  pay(tx: RowTransaction, order: { readonly id: number; readonly amount: number }): Promise<boolean>;
}

export const ORDERS = defineParticipant<OrderParticipant>("order.orders");

export function createOrderParticipant({
  orderModel,
  metrics,
}: Pick<ServiceContext, "orderModel" | "metrics">): OrderParticipant {
  return {
    pay: async (tx, { id, amount }) => {
      const isPaid = await orderModel.pay(id, amount, tx);
      tx.afterEnd(async (end) => {
        if (isPaid && end === "committed") metrics.paid();
      });
      return isPaid;
    },
  };
}
