import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { replayOr } from "@mall/kit/idempotency";
import type { ServiceContext } from "./context.ts";
import type { UpdateRequest, UpdateResponse } from "./gen/types.ts";

/**
 * Gives an order another amount. Nobody is to pay the old one: what is open for it is closed at its channel first, and
 * the payment asks for the new one from then on. Where its money has come, or a channel does not answer, nothing is
 * changed. Whoever opens something in between, or pays before, is found out when the order is told of the money.
 *
 * @throws AppError ABORTED that says why the payment takes no other amount.
 */
export async function changeAmount(
  context: ServiceContext,
  call: Call,
  request: UpdateRequest,
): Promise<UpdateResponse> {
  const { orderRpc, log } = context;
  try {
    await reprice(context, call, request.id);
  } catch (error) {
    return replayOr(call, error, (again) => orderRpc.update(again, request));
  }
  const answer = await orderRpc.update(call, request);
  try {
    await reprice(context, call, request.id);
  } catch (error) {
    log.warn({ error }, "a payment does not know yet what its order costs: it is told when it is paid for");
  }
  return answer;
}

async function reprice({ payRpc }: ServiceContext, call: Call, oid: number): Promise<void> {
  try {
    await payRpc?.reprice(call, { oid });
  } catch (error) {
    // A Go peer has no channels, so nothing is open there.
    if (!(error instanceof AppError) || error.code !== "UNIMPLEMENTED") throw error;
  }
}
