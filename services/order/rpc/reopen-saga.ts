import type { Coordinator, Saga } from "@mall/kit/saga";
import type { OrderState } from "../model/order-model.ts";
import { ORDER_STATUS } from "../model/order-state.ts";
import type { ServiceContext } from "./context.ts";
import type { Cancelled, Reopened } from "./order-sagas.ts";
import { reservedBranch, returnPieces } from "./release.ts";
import { takePieces } from "./stock-branches.ts";

/**
 * Pieces are taken again, then the order is paid. Each try has a number of its own, the order's next reservation: two
 * at a time are one, and one that was refused does not stand for the next.
 */
export function defineReopen(
  coordinator: Coordinator,
  { orderModel, stock, jobs, metrics }: Omit<ServiceContext, "sagas">,
): Saga<Cancelled, Reopened> {
  return coordinator.define<Cancelled, Reopened>({
    kind: "order.reopen",
    steps: (cancelled) => [takePieces(stock, cancelled)],
    succeed: async (tx, { payload }) => {
      const changes = { reservation: payload.reservation + 1 };
      const { amount } = payload;
      const reopened = await orderModel.move(asRead(payload), "reopen", { amount, changes, tx });
      if (!reopened) await returnPieces(jobs, tx, payload, reservedBranch(payload.name, changes.reservation));
      tx.afterEnd(async (end) => {
        if (!reopened || end !== "committed") return;
        metrics.paid();
        metrics.reopened();
      });
      return { reopened };
    },
    fail: async (tx, { payload: { id, reservation } }) => {
      const expect = { status: ORDER_STATUS.cancelled, reservation };
      await orderModel.update(id, { reservation: reservation + 1 }, { expect, tx });
    },
  });
}

/** The saga that takes pieces for an order once more. */
export function reopenGid({ name, reservation }: Cancelled): string {
  return `${name}-reopen-${reservation + 1}`;
}

function asRead({ id, reservation }: Cancelled): OrderState {
  return { id, reservation, status: ORDER_STATUS.cancelled };
}
