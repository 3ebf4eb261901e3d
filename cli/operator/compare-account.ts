import { backgroundCall } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { createNetworkStreams, createNetworkTransport } from "@mall/kit/http";
import { silentLogger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";
import { assertSchemaCurrent, openDatabase } from "@mall/kit/store";
import { accountsBilledWith, type Channel, createChannels } from "@mall/pay/channels";
import { payMigrations } from "@mall/pay/model/migrations";
import {
  type BillDifference,
  type BillsCompared,
  compareBills,
  createFeeBooks,
  NO_FEE_BOOKS,
} from "@mall/pay/reconcile";
import type { PaySource } from "./pay-source.ts";

/** Which bills are compared, and who is told. */
interface ToCompare {
  readonly account: string;
  /** The days, once it is known how far ahead of UTC the channel's clocks are, milliseconds. */
  days(aheadMs: number): readonly string[];
  readonly bookFees: boolean;
  report(difference: BillDifference): unknown;
  /** Told how many lines were compared so far. */
  progress?(lines: number): void;
}

/**
 * Compares the bills of an account with its payments and refunds in a pay service's database.
 *
 * @throws AppError FAILED_PRECONDITION ACCOUNT_UNKNOWN; as compareBills.
 */
export async function compareAccount(
  source: PaySource,
  runtime: Runtime,
  { account, days, bookFees, report, progress = () => {} }: ToCompare,
): Promise<BillsCompared> {
  const http = createNetworkTransport({ runtime });
  const channels = createChannels(source.channels, { runtime, http, log: silentLogger });
  const channel = channelNamed(channels, account);
  const asked = days(channel.bills?.aheadMs ?? 0);
  const database = await openDatabase({ dataSource: source.dataSource, runtime });
  try {
    await assertSchemaCurrent(database, payMigrations);
    return await compareBills(backgroundCall(), {
      ...{
        database,
        channel,
        accounts: accountsBilledWith(channels, channel),
        days: asked,
        report,
        progress,
      },
      ...{ streams: createNetworkStreams(runtime), now: runtime.now },
      fees: bookFees ? createFeeBooks(database) : NO_FEE_BOOKS,
    });
  } finally {
    await database.close();
  }
}

function channelNamed(channels: ReadonlyMap<string, Channel>, account: string): Channel {
  const channel = channels.get(account);
  if (channel !== undefined) return channel;
  const names = [...channels.keys()].join(", ") || "none";
  throw new AppError(
    "FAILED_PRECONDITION",
    "ACCOUNT_UNKNOWN",
    `no account ${account} is configured; there are: ${names}`,
  );
}
