import type { Call } from "@mall/kit/call";
import type { Coordinator, Saga } from "@mall/kit/saga";
import { refuseDuplicate } from "@mall/kit/store";
import { refusalOf } from "../create/create-saga.ts";
import { takePieces } from "../create/take-pieces.ts";
import { type OrderRow, type OrderState, orderName } from "../model/order-model.ts";
import { ORDER_STATUS } from "../model/order-state.ts";
import { reservedBranch, returnPieces } from "../release/release.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { orderAmountMismatch, orderReopening } from "../rpc/errors.ts";
import type { Cancelled, Reopened } from "../rpc/order-sagas.ts";

/**
 * Takes pieces again, then marks the order as paid. Each attempt is numbered by the order's next reservation: two
 * concurrent attempts are one saga, and a refused attempt does not block the next.
 */
export function defineReopen(
  coordinator: Coordinator,
  { orderModel, stock, jobs, metrics }: Omit<ServiceContext, "sagas">,
): Saga<Cancelled, Reopened> {
  return coordinator.define({
    kind: "order.reopen",
    step: (cancelled: Cancelled) => takePieces(stock, cancelled),
    succeed: async (tx, { payload }): Promise<Reopened> => {
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

/**
 * Takes pieces for a cancelled order once more and marks it as paid.
 *
 * @param amount what was paid, minor units; undefined if the caller does not say.
 * @returns false if the order changed its state in the meantime.
 * @throws AppError FAILED_PRECONDITION ORDER_AMOUNT_MISMATCH if the order's amount differs; the product service's
 * refusal of the pieces; UNAVAILABLE ORDER_REOPENING while it is undecided.
 */
export async function reopenOrder(
  { sagas }: ServiceContext,
  call: Call,
  order: OrderRow,
  amount: number | undefined,
): Promise<boolean> {
  if (amount !== undefined && amount !== order.amount) throw orderAmountMismatch();
  const { id, pid, num, reservation } = order;
  const paid = amount !== undefined && { amount };
  const payload = { id, name: orderName(order), pid, num, reservation, ...paid };
  const run = sagas.reopen.run(call, { gid: reopenGid(payload), payload });
  const result = await refuseDuplicate(run, orderReopening);
  if (result.outcome === "succeeded") return result.answer.reopened;
  throw result.outcome === "failed" ? refusalOf(result.error) : orderReopening();
}

/** The id of the saga for an order's next reservation. */
function reopenGid({ name, reservation }: Cancelled): string {
  return `${name}-reopen-${reservation + 1}`;
}

function asRead({ id, reservation }: Cancelled): OrderState {
  return { id, reservation, status: ORDER_STATUS.cancelled };
}
