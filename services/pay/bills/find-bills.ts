import type { Call } from "@mall/kit/call";
import { type JobOutcome, standingJob } from "@mall/kit/jobs";
import { BILL_STATE } from "../model/pay-bill-model.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { type BilledChannel, billMerchants } from "./bill-merchants.ts";
import { daysDue, lastOver, untilNextDue } from "./due-days.ts";

type Context = Pick<
  ServiceContext,
  "database" | "runtime" | "log" | "billModel" | "jobs" | "channels" | "bills"
>;

/** The longest pause between two looks: the clock may have been set meanwhile. */
const PAUSE_MS_MAX = 10 * 60_000;
/** Bills of several days, as after an outage, are asked for one after the other. */
const APART_MS = 60_000;
const NO_SUMS = "[]";

/**
 * Sees to it that the bill of each day is compared when it is made: for each merchant from the day on at which the mall
 * first knew an account of it. Says when to look again, and never ends.
 */
export function findBills(context: Context): (call: Call) => Promise<JobOutcome> {
  return standingJob(context, "bills that are made", async (call) => {
    let leftMs = PAUSE_MS_MAX;
    for (const channel of billMerchants(context)) {
      call.throwIfDone();
      await enqueueDue(context, channel);
      leftMs = Math.min(leftMs, untilNextDue(context.runtime.now(), channel.bills));
    }
    return leftMs;
  });
}

/** Each day has its row with its job, and only once: what another process has written is not written again. */
async function enqueueDue(
  { database, runtime, billModel, jobs }: Context,
  channel: BilledChannel,
): Promise<void> {
  const { name, bills } = channel;
  const { merchant } = bills;
  const row = { merchant, channel: name, sums: NO_SUMS };
  const now = runtime.now();
  const last = await billModel.lastDay(merchant);
  if (last === undefined) {
    await billModel.insert({ ...row, day: lastOver(now, bills), state: BILL_STATE.unseen });
    return;
  }
  for (const [index, day] of daysDue(last, now, bills).entries()) {
    await database.transaction(async (tx) => {
      const id = await billModel.insert({ ...row, day, state: BILL_STATE.waiting }, tx);
      await jobs.compareBill(tx, { id, channel: name, asked: 0 }, index * APART_MS);
    });
  }
}
