import type { Call } from "@mall/kit/call";
import { invalidArgument } from "@mall/kit/errors";
import { storeNotify } from "../../inbox/notifications.ts";
import type { ServiceContext } from "../context.ts";
import { channelUnknown } from "../errors.ts";
import type { NotifyRequest, NotifyResponse } from "../gen/pay.ts";

/** More than any channel says at once, bytes. */
const BODY_LENGTH_MAX = 1024 * 1024;

/**
 * Takes a channel's notification: verified, stored as it came, and answered as the channel wants it; what it says is
 * acted on by a job. Whatever comes twice counts once.
 *
 * @throws AppError UNAUTHENTICATED NOTIFY_FORGED for what the channel did not sign; NOT_FOUND CHANNEL_UNKNOWN; UNAVAILABLE
 * where the channel's keys cannot be had now.
 */
export async function notify(
  context: ServiceContext,
  call: Call,
  request: NotifyRequest,
): Promise<NotifyResponse> {
  const channel = context.channels.get(request.channel);
  if (channel === undefined) throw channelUnknown();
  const { body } = request;
  if (body.length > BODY_LENGTH_MAX) {
    throw invalidArgument("body", `must have at most ${BODY_LENGTH_MAX} bytes`);
  }
  const headers = Object.fromEntries(request.headers.map(({ name, value }) => [name, value]));
  const receivedAt = context.runtime.now();
  const parsed = await channel
    .parseNotify(call, { headers, body }, receivedAt)
    .catch(async (error: unknown) => {
      context.metrics.notified(channel.name, "refused");
      context.refusedNotifies.add(channel.name, error);
      await context.keptRefusals.add({ channel: channel.name, headers, body, receivedAt, error });
      throw error;
    });
  context.metrics.notified(channel.name, "verified");
  await storeNotify(context, { channel: channel.name, headers, body, receivedAt, parsed });
  return channel.notifyReply();
}
