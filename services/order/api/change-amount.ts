import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { replayOr } from "@mall/kit/idempotency";
import type { ServiceContext } from "./context.ts";
import type { UpdateRequest, UpdateResponse } from "./gen/types.ts";

/**
 * Changes an order's amount. So that nobody pays the old one, open attempts are closed at their channels first, and the
 * payment then asks for the new amount. If the order was paid, or a channel does not answer, nothing is changed. An
 * attempt opened in between, or money already on its way, is detected when the order is told about the payment.
 *
 * @throws AppError ABORTED with the reason why the payment cannot take another amount.
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
    log.warn(
      { error },
      "could not pass an order's new amount to its payment; the difference will be found when it is paid",
    );
  }
  return answer;
}

async function reprice({ payRpc }: ServiceContext, call: Call, oid: number): Promise<void> {
  try {
    await payRpc?.reprice(call, { oid });
  } catch (error) {
    // A go-zero-mall peer has no channels, so it has no open attempts.
    if (!(error instanceof AppError) || error.code !== "UNIMPLEMENTED") throw error;
  }
}
