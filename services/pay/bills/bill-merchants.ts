import type { Channel } from "../channels/channel.ts";
import type { ChannelsConfig } from "../channels/config.ts";

/** An account that is asked for the bills of its merchant. */
export type BilledChannel = Channel & { readonly bills: NonNullable<Channel["bills"]> };

/** The configured accounts, and whether their bills are compared day by day. */
export interface BilledAccounts {
  readonly channels: ReadonlyMap<string, Channel>;
  readonly bills: Pick<ChannelsConfig["Bills"], "Daily">;
}

/** Of the configured accounts, the first of each merchant whose bills are compared day by day. */
export function billMerchants({ channels, bills: { Daily } }: BilledAccounts): BilledChannel[] {
  if (!Daily) return [];
  const billed = [...channels.values()].filter(
    (channel): channel is BilledChannel => channel.bills !== undefined,
  );
  return [...Map.groupBy(billed, ({ bills }) => bills.merchant).values()].flatMap(([first]) => first ?? []);
}
