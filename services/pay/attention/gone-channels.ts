import type { Logger } from "@mall/kit/log";
import type { Database, SqlValue } from "@mall/kit/store";
import { OPEN_STATES } from "../model/attempt-state.ts";
import { ASKED_STATES } from "../model/refund-state.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { COUNT_MAX, rowOf, type Waiting, waitingOf } from "./waiting.ts";

/** Of what is open in a state, only so many of the oldest rows are looked at: what nobody asks about is among these. */
const LOOKED_AT_MAX = 5_000;

/** What is open at an account that is not configured any more. */
export interface GoneChannel {
  readonly channel: string;
  readonly attempts: number;
  readonly refunds: number;
  /** Since when the oldest of it is open, Unix seconds; 0 where nobody knows. */
  readonly since: number;
}

const ATTEMPTS = "SELECT channel, create_time AS since FROM pay_attempt WHERE state = ? ORDER BY id LIMIT ?";
const REFUNDS =
  "SELECT a.channel AS channel, r.create_time AS since FROM pay_refund r " +
  "JOIN pay_attempt a ON a.id = r.attempt_id WHERE r.state = ? ORDER BY r.id LIMIT ?";

/** Accounts that have open attempts or refunds and are not among `configured`, by name. */
export async function findGoneChannels(
  database: Database,
  configured: ReadonlySet<string>,
): Promise<GoneChannel[]> {
  const attempts = await findOpen(database, ATTEMPTS, OPEN_STATES);
  const refunds = await findOpen(database, REFUNDS, ASKED_STATES);
  const names = new Set([...attempts, ...refunds].map(({ channel }) => channel));
  return [...names]
    .filter((name) => !configured.has(name))
    .toSorted()
    .map((channel) => {
      const at = (all: readonly Open[]): Open[] => all.filter((each) => each.channel === channel);
      const [own, back] = [at(attempts), at(refunds)];
      const times = [...own, ...back].flatMap(({ since }) => (since === 0 ? [] : [since]));
      const since = times.length === 0 ? 0 : Math.min(...times);
      return { channel, attempts: own.length, refunds: back.length, since };
    });
}

interface Open {
  readonly channel: string;
  readonly since: number;
}

async function findOpen(database: Database, sql: string, states: readonly SqlValue[]): Promise<Open[]> {
  const found = states.map((state) => database.read({ sql, parameters: [state, LOOKED_AT_MAX] }));
  return (await Promise.all(found)).flat().map(({ channel, since }) => ({
    channel: String(channel),
    // What has no time was written by somebody else.
    since: typeof since === "string" ? Math.floor(database.times.toDate(since).getTime() / 1000) : 0,
  }));
}

/** How much of it there is, in words. */
export function openAt({ attempts, refunds }: GoneChannel): string {
  const parts = [
    [attempts, "open attempt"],
    [refunds, "open refund"],
  ] as const;
  const told = parts.filter(([count]) => count > 0);
  return told.map(([count, what]) => `${count} ${what}${count === 1 ? "" : "s"}`).join(" and ");
}

/** Accounts that were taken out of the configuration while something was open at them: a row for each. */
export async function goneChannels(
  { database, channels }: Pick<ServiceContext, "database" | "channels">,
  limit: number,
): Promise<Waiting> {
  const gone = await findGoneChannels(database, new Set(channels.keys()));
  const found = gone.reduce((sum, { attempts, refunds }) => sum + attempts + refunds, 0);
  const rows = gone.map((each) =>
    rowOf({ id: each.channel, channel: each.channel, since: each.since, text: openAt(each) }),
  );
  const oldest = rows.toSorted((one, other) => one.since - other.since);
  return waitingOf(Math.min(found, COUNT_MAX + 1), oldest.slice(0, limit));
}

/** Says so in the log, once at the start. */
export async function warnOfGoneChannels(
  { database, channels }: Pick<ServiceContext, "database" | "channels">,
  log: Logger,
): Promise<void> {
  for (const gone of await findGoneChannels(database, new Set(channels.keys()))) {
    log.warn(
      { key: gone.channel },
      `channel ${gone.channel} is not configured any more and has ${openAt(gone)}: nobody is asked about them; ` +
        "put the account back into Channels until they are over",
    );
  }
}
