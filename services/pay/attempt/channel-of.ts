import { AppError, invalidArgument } from "@mall/kit/errors";
import type { Channel } from "../channels/channel.ts";
import type { ServiceContext } from "../rpc/context.ts";

/**
 * The channel of an attempt.
 *
 * @throws AppError FAILED_PRECONDITION CHANNEL_GONE where it is not configured any more.
 */
export function channelOf({ channels }: Pick<ServiceContext, "channels">, name: string): Channel {
  const channel = channels.get(name);
  if (channel !== undefined) return channel;
  throw new AppError("FAILED_PRECONDITION", "CHANNEL_GONE", `channel ${name} is not configured any more`);
}

/**
 * The channel that somebody asks for.
 *
 * @throws AppError INVALID_ARGUMENT naming the field.
 */
export function channelAsked({ channels }: Pick<ServiceContext, "channels">, name: string): Channel {
  const channel = channels.get(name);
  if (channel !== undefined) return channel;
  const known = [...channels.keys()].join(", ");
  throw invalidArgument(
    "channel",
    known === "" ? "must name a channel, and none is configured" : `must be one of ${known}`,
  );
}
