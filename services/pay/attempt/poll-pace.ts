import { pause } from "@mall/kit/async";
import type { ServiceContext } from "../rpc/context.ts";

/** Turns that are waited for in a job's place; after that it gives the place to another. */
const TURNS_MAX = 3;
/** How long a job stands in line for a turn, milliseconds. */
const LINE_MS_MAX = 3_000;
/** When a job asks again that had no turn, milliseconds. */
export const NO_TURN_MS = 10_000;

/**
 * Waits for the turn of a job that is to ask an account about an attempt: what is due waits in the table, and no more
 * than `Channels.QueriesPerSecond` go out, evenly, however many attempts are open. What people wait for (a prepay, a
 * refund, a look at their payment) goes ahead without.
 *
 * @returns whether it had its turn at once, or `waited` for it; `none` where others had all turns.
 */
export async function takeTurn(
  { runtime, askingLimits }: Pick<ServiceContext, "runtime" | "askingLimits">,
  account: string,
): Promise<"now" | "waited" | "none"> {
  for (let turn = 0; turn < TURNS_MAX; turn += 1) {
    const lineMs = askingLimits.pollLine.takePlace(account, LINE_MS_MAX);
    if (lineMs === undefined) return "none";
    if (lineMs > 0) await pause(runtime, lineMs);
    const waitSeconds = await askingLimits.poll.take(account);
    if (waitSeconds === 0) return turn === 0 && lineMs === 0 ? "now" : "waited";
    await pause(runtime, waitSeconds * 1000);
  }
  return "none";
}
