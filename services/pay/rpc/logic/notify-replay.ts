import type { Call } from "@mall/kit/call";
import { replayNotify } from "../../inbox/replay-notify.ts";
import type { ServiceContext } from "../context.ts";
import type { NotifyReplayRequest, NotifyReplayResponse } from "../gen/pay.ts";

/** Has a stored notification acted on again; see replayNotify. */
export async function notifyReplay(
  context: ServiceContext,
  call: Call,
  request: NotifyReplayRequest,
): Promise<NotifyReplayResponse> {
  return context.idempotency.once<NotifyReplayResponse>(call, request, (commit) =>
    commit.transaction(async (tx) => {
      await replayNotify(context, tx, call, request);
      return { answer: {} };
    }),
  );
}
