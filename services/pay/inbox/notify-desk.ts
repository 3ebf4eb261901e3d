import { createAudit, type Operator } from "@mall/kit/audit";
import { createJobWorkers } from "@mall/kit/jobs";
import { silentLogger } from "@mall/kit/log";
import { noopObserver } from "@mall/kit/observe";
import type { Database } from "@mall/kit/store";
import { createPayNotifyModel, type NotifyPage, type PayNotifyRow } from "../model/pay-notify-model.ts";
import { notifyNotFound } from "../rpc/errors.ts";
import { createPayJobs, PAY_JOB } from "../rpc/pay-jobs.ts";
import { replayNotify } from "./replay-notify.ts";

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
  const notifyModel = createPayNotifyModel(database);
  const inbox = {
    audit: createAudit(database, "pay"),
    notifyModel,
    jobs: createPayJobs(openQueue(database)),
  };
  return {
    list: (page) => notifyModel.findPage(page),
    find: async (id) => {
      const row = await notifyModel.findOne(id);
      if (row === undefined) throw notifyNotFound(id);
      return row;
    },
    replay: (id) => database.transaction((tx) => replayNotify(inbox, tx, call, { id, operation: command })),
  };
}

/** Only enqueues: its workers are never started, and the jobs are the pay service's to do. */
function openQueue(database: Database) {
  const workers = createJobWorkers({ runtime: database.runtime, log: silentLogger, observer: noopObserver });
  const queue = workers.open(database, "pay");
  queue.handle(PAY_JOB.notify, async () => {});
  return queue;
}
