import type { ServiceContext } from "./context.ts";
import type { OrderParticipant } from "./order-participant.ts";

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
