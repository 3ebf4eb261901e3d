import type { Call } from "@mall/kit/call";
import { invalidArgument } from "@mall/kit/errors";
import { isPaySource, PAY_SOURCE_RULE } from "../../channels/pay-source.ts";
import { PAY_STATUS } from "../../model/pay-state.ts";
import { lookAround } from "../../receipt/callback-neighbours.ts";
import { afterTaken, type Taken } from "../../receipt/receipt.ts";
import { recordCallback } from "../../receipt/record-callback.ts";
import type { ServiceContext } from "../context.ts";
import type { CallbackRequest, CallbackResponse } from "../gen/pay.ts";

/**
 * Takes a gateway's word that money came for a payment, which it must name with its own user and order. What is the
 * payment's amount, and its order's, makes it paid; all other money is written down as well, and held until somebody
 * decides, or goes back where the payment has its success: the answer says so. The order is informed by a job, or by a
 * DTM server, and that has been tried when this answers; an order that can no longer be had gets its money back.
 */
export async function callback(
  context: ServiceContext,
  call: Call,
  request: CallbackRequest,
): Promise<CallbackResponse> {
  checkRequest(request);
  return context.idempotency.once<CallbackResponse>(call, request, async (commit) => {
    const neighbours = await lookAround(context, call, request);
    return context.paidMessages.commit(call, request.id, commit, async (tx, announcePaid) => {
      const announcing = { ...context, announcePaid };
      const taken = await recordCallback(announcing, tx, { request, neighbours });
      return { answer: toAnswer(taken), after: () => afterTaken(context, taken) };
    });
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
