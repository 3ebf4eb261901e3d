import type { Audit, Facts } from "@mall/kit/audit";
import type { Call } from "@mall/kit/call";
import type { JobTicket } from "@mall/kit/jobs";
import type { Transaction } from "@mall/kit/store";
import { NOTIFY_STATE, type PayNotifyModel } from "../model/pay-notify-model.ts";
import { notifyNotFound } from "../rpc/errors.ts";
import type { PayJobs } from "../rpc/pay-jobs.ts";

interface Inbox {
  readonly audit: Audit;
  readonly notifyModel: PayNotifyModel;
  readonly jobs: Pick<PayJobs, "notify">;
}

/**
 * Has a stored notification acted on again, once `tx` is committed; what it said before changes nothing by being said
 * again. Written down as what the call's actor did.
 *
 * @param operation the command that asks for it; of a call, its method
 * @throws AppError NOT_FOUND NOTIFY_NOT_FOUND.
 */
export async function replayNotify(
  { audit, notifyModel, jobs }: Inbox,
  tx: Transaction,
  call: Call,
  { id, operation }: { readonly id: number; readonly operation?: string | undefined },
): Promise<void> {
  // One that has been received only is acted on once more, and looks no different after it.
  const look = async (replay: JobTicket | undefined): Promise<Facts | undefined> => {
    const row = await notifyModel.lockOne(id, tx);
    if (row === undefined) throw notifyNotFound(id);
    return { state: row.state, error: row.error, isReplayed: replay !== undefined };
  };
  const act = {
    subject: `notify/${id}`,
    look,
    alsoUnnamed: true,
    ...(operation !== undefined && { operation }),
  } as const;
  await audit.record(tx, call, act, async () => {
    await notifyModel.update(id, { state: NOTIFY_STATE.received, error: "" }, { tx });
    return jobs.notify(tx, { notifyId: id });
  });
}
