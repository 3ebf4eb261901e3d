import { defineParticipant } from "@mall/kit/process";
import type { RowTransaction } from "@mall/kit/store";
import type { ServiceContext } from "./context.ts";

/** Orders in the transactions of neighbours. */
export interface OrderParticipant {
  /** Makes an unpaid order paid that costs what came for it; false where it is not such an order. */
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
