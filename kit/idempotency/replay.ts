import { type Call, runWithAttachments } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { IDEMPOTENCY_KEY_UNUSED } from "./errors.ts";

/**
 * For an api whose own look at what a request is about failed with `error`: the effect of that very request may be
 * the reason. Gives the answer that the request's key has, asked for by `ask`, and throws `error` where it has none.
 * `ask` must lead to an rpc of ours: another one would do its work.
 */
export async function replayOr<Res>(
  call: Call,
  error: unknown,
  ask: (call: Call) => Promise<Res>,
): Promise<Res> {
  const idempotency = call.attachments?.idempotency;
  if (idempotency === undefined) throw error;
  try {
    return await runWithAttachments(call, { idempotency: { ...idempotency, replayOnly: true } }, ask);
  } catch (thrown) {
    throw thrown instanceof AppError && thrown.reason === IDEMPOTENCY_KEY_UNUSED ? error : thrown;
  }
}
