import type { Call } from "@mall/kit/call";
import { shutOpen } from "../../attempt/shut-open.ts";
import { endPay } from "../../intent/close.ts";
import { checkOpen } from "../../intent/payable.ts";
import { PAY_STATUS } from "../../model/pay-state.ts";
import type { ServiceContext } from "../context.ts";
import { payClosing, payNotFound } from "../errors.ts";
import type { CloseRequest, CloseResponse } from "../gen/pay.ts";

/**
 * Closes a payment that nobody paid: at its channels, then here; its order is cancelled with it. Once this has been
 * asked for it happens, also where a channel does not answer now. A closed one stays so.
 */
export async function close(
  context: ServiceContext,
  call: Call,
  request: CloseRequest,
): Promise<CloseResponse> {
  return context.idempotency.once<CloseResponse>(call, request, async (commit) => {
    const isClosed = await endPay(context, call, request.id);
    if (!isClosed) await shutAll(context, call, request.id);
    return commit.statement(async () => ({ answer: {} }));
  });
}

async function shutAll(context: ServiceContext, call: Call, id: number): Promise<void> {
  await shutOpen(context, call, id);
  const pay = await context.payModel.findOne(id);
  if (pay === undefined) throw payNotFound();
  if (pay.status === PAY_STATUS.closed) return;
  if (pay.status === PAY_STATUS.created) throw payClosing();
  checkOpen(pay, context.runtime.now());
}
