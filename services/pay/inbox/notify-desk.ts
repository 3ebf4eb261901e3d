import { createAudit, type Facts, type Operator } from "@mall/kit/audit";
import { AppError } from "@mall/kit/errors";
import { createJobWorkers, type JobTicket } from "@mall/kit/jobs";
import { silentLogger } from "@mall/kit/log";
import { noopObserver } from "@mall/kit/observe";
import type { Database } from "@mall/kit/store";
import {
  createPayNotifyModel,
  NOTIFY_STATE,
  type NotifyPage,
  type PayNotifyRow,
} from "../model/pay-notify-model.ts";
import { createPayJobs, PAY_JOB } from "../rpc/pay-jobs.ts";

export { NOTIFY_STATE, type PayNotifyRow } from "../model/pay-notify-model.ts";

/** What an operator may do with what channels said. */
export interface NotifyDesk {
  /** Notifications, the newest first. */
  list(page: NotifyPage): Promise<PayNotifyRow[]>;
  /** @throws AppError NOT_FOUND NOTIFY_NOT_FOUND. */
  find(id: number): Promise<PayNotifyRow>;
  /**
   * Has a notification acted on again by the pay service, at once where it runs. What it said before changes
   * nothing by being said again.
   *
   * @throws AppError NOT_FOUND NOTIFY_NOT_FOUND.
   */
  replay(id: number): Promise<void>;
}

/**
 * The inbox of a database, of whatever processes serve it; what `operator` does to it is written down.
 */
export function createNotifyDesk(database: Database, { call, command }: Operator): NotifyDesk {
  const audit = createAudit(database, "pay");
  const model = createPayNotifyModel(database);
  const jobs = createPayJobs(openQueue(database));
  const find = async (id: number): Promise<PayNotifyRow> => {
    const row = await model.findOne(id);
    if (row === undefined)
      throw new AppError("NOT_FOUND", "NOTIFY_NOT_FOUND", `there is no notification ${id}`);
    return row;
  };
  return {
    list: (page) => model.findPage(page),
    find,
    replay: async (id) => {
      await find(id);
      await database.transaction((tx) => {
        // One that has been received only is acted on once more, and looks no different after it.
        const look = async (replay: JobTicket | undefined): Promise<Facts | undefined> => {
          const row = await model.lockOne(id, tx);
          return row && { state: row.state, error: row.error, isReplayed: replay !== undefined };
        };
        const act = { operation: command, subject: `notify/${id}`, look };
        return audit.record(tx, call, act, async () => {
          await model.update(id, { state: NOTIFY_STATE.received, error: "" }, { tx });
          return jobs.notify(tx, { notifyId: id });
        });
      });
    },
  };
}

/** Only enqueues: its workers are never started, and the jobs are the pay service's to do. */
function openQueue(database: Database) {
  const workers = createJobWorkers({ runtime: database.runtime, log: silentLogger, observer: noopObserver });
  const queue = workers.open(database, "pay");
  queue.handle(PAY_JOB.notify, async () => {});
  return queue;
}
