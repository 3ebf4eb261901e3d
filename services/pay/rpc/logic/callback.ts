import { type Call, settleInOrder } from "@mall/kit/context";
import { AppError, invalidArgument } from "@mall/kit/errors";
import { orderNotFound } from "@mall/order/rpc/errors";
import { isPaySource, PAY_SOURCE_RULE } from "../../channels/pay-source.ts";
import { HELD_REASON, type HeldReason } from "../../model/held-reason.ts";
import { PAY_STATUS } from "../../model/pay-state.ts";
import type { ServiceContext } from "../context.ts";
import { countTaken } from "../count-taken.ts";
import { recordCallback } from "../decisions/record-callback.ts";
import type { Taken } from "../decisions/take-money.ts";
import { payNotFound } from "../errors.ts";
import type { CallbackRequest, CallbackResponse } from "../gen/pay.ts";
import { inSharedTransaction } from "../in-transaction.ts";
import { isGone } from "../is-gone.ts";

/**
 * Takes a gateway's word that money came for a payment, which it must name with its own user and order. What is the
 * payment's amount, and its order's, makes it paid; all other money is written down as well, and held until somebody
 * decides, or goes back where the payment has its success: the answer says so. The order is told by a job, or by a
 * DTM server, and that has been tried when this answers; an order that can no longer be had gets its money back.
 */
export async function callback(
  context: ServiceContext,
  call: Call,
  request: CallbackRequest,
): Promise<CallbackResponse> {
  checkRequest(request);
  const operation = { method: "/pay.Pay/Callback", request };
  return context.idempotency.once<CallbackResponse>(call, operation, async (_save, commit) => {
    const objection = await findObjection(context, call, request);
    let taken: Taken | undefined;
    const answer = await context.paidMessages.send(context, call, request.id, (followed) =>
      commit(async (own) => {
        const isFollowed = followed !== context;
        taken = await inSharedTransaction(context, { own, isFollowed }, (tx) =>
          recordCallback(followed, tx, { request, objection }),
        );
        return toAnswer(taken);
      }),
    );
    if (taken !== undefined) countTaken(context, taken);
    await taken?.told?.settled();
    return answer;
  });
}

function toAnswer({ outcome, known, heldReason }: Taken): CallbackResponse {
  if (outcome === "paid") return {};
  const became = outcome === "known" ? known : outcome;
  return {
    ...(became !== undefined && { outcome: became }),
    ...(heldReason !== undefined && { heldReason }),
  };
}

/** Before anything else: what the payment's row would say for good must not be found out later. */
function checkRequest({ source, status }: CallbackRequest): void {
  if (status !== PAY_STATUS.paid) throw invalidArgument("status", "must be 1 (paid)");
  if (!isPaySource(source)) throw invalidArgument("source", PAY_SOURCE_RULE);
}

/**
 * Why the money is held though it is the payment's amount.
 *
 * @throws AppError, in go-zero-mall's order, where no payment of ours is named.
 */
async function findObjection(
  context: ServiceContext,
  call: Call,
  request: CallbackRequest,
): Promise<HeldReason | undefined> {
  const { id, uid, oid } = request;
  const [[user, order], pay] = await settleInOrder(
    settleInOrder(
      // Asked each time, not of `knownUsers`: whether money is held must not rest on what was so minutes ago.
      unlessGone(context.userRpc.userInfo(call, { id: uid })),
      unlessGone(context.orderRpc.detail(call, { id: oid })),
    ),
    context.payModel.findOne(id),
  );
  if (pay === undefined || pay.oid !== oid || pay.uid !== uid) {
    throw user.gone ?? order.gone ?? (pay === undefined ? payNotFound() : orderNotFound());
  }
  if (user.gone !== undefined) return HELD_REASON.userGone;
  // An order that is gone is found out when it is told: then the money goes back.
  if (order.gone !== undefined) return undefined;
  if (order.found.uid !== uid) return HELD_REASON.orderOwner;
  return order.found.amount === pay.amount ? undefined : HELD_REASON.orderAmount;
}

type Looked<T> =
  | { readonly found: T; readonly gone?: undefined }
  | { readonly found?: undefined; readonly gone: AppError };

/** Whether a neighbour has something; that it does not answer is still an error. */
async function unlessGone<T>(look: Promise<T>): Promise<Looked<T>> {
  try {
    return { found: await look };
  } catch (error) {
    if (error instanceof AppError && isGone(error)) return { gone: error };
    throw error;
  }
}
