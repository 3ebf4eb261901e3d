import type { Call } from "@mall/kit/call";
import { invalidArgument } from "@mall/kit/errors";
import { consentFor } from "../../approval/consent.ts";
import { actOnPay } from "../../intent/act-on-pay.ts";
import { prepareDecision } from "../../receipt/decide-held.ts";
import type { ServiceContext } from "../context.ts";
import type { ResolveRequest, ResolveResponse } from "../gen/pay.ts";

/**
 * Decides about money that is held: the payment is paid with it, or it goes back and the payment is closed. Above the
 * limit a second person is asked first.
 */
export async function resolve(
  context: ServiceContext,
  call: Call,
  request: ResolveRequest,
): Promise<ResolveResponse> {
  const { id, decision } = request;
  if (decision !== "accept" && decision !== "refund") {
    throw invalidArgument("decision", "must be accept or refund");
  }
  return context.idempotency.once<ResolveResponse>(call, request, async (commit) => {
    const decide = await prepareDecision(context, call, { id, decision });
    return commit.transaction(async (tx) => {
      const act = { tx, payId: id, alsoUnnamed: true } as const;
      const { told, waits } = await actOnPay(context, call, act, () => decide(tx, consentFor(context, call)));
      return { answer: waits ? { approvalId: waits.id } : {}, after: told && (() => told.settled()) };
    });
  });
}
