import type { Database, MigrationSet } from "@mall/kit/store";
import { type ChannelsConfig, channelNames } from "@mall/pay/channels";
import { findGoneChannels, openAt } from "@mall/pay/gone-channels";
import { payMigrations } from "@mall/pay/model/migrations";
import { type Finding, warn } from "./finding.ts";

const FIX =
  "put the account back into Channels, with its keys, until they are over (docs/payments.md, An account that is not configured any more)";

/** Accounts that were taken out of the configuration while something is open at them; of a database with payments. */
export async function checkGoneChannels(
  database: Database,
  sets: readonly MigrationSet[],
  config: ChannelsConfig,
): Promise<Finding[]> {
  if (!sets.includes(payMigrations)) return [];
  const gone = await findGoneChannels(database, new Set(channelNames(config)));
  return gone.map((each) =>
    warn(`channel ${each.channel} is not configured any more and has ${openAt(each)}`, FIX),
  );
}
