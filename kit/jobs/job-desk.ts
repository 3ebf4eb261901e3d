import { type Act, createAudit, type Facts, type Operator } from "@mall/kit/audit";
import { AppError } from "@mall/kit/errors";
import type { Database, RowTransaction } from "@mall/kit/store";
import { JOB_STATE } from "./job-state.ts";
import { createJobModelGen, type JobModelGen, type JobRow } from "./model/gen/job-model.ts";
import { ofKind } from "./of-kind.ts";

export type { JobRow } from "./model/gen/job-model.ts";

/** Which jobs to list; what is left out does not matter. */
export interface JobFilter {
  readonly queue?: string | undefined;
  /** With those that have places of their own: `pay.refund@alipay` is of the kind `pay.refund`. */
  readonly kind?: string | undefined;
  /** With one of these keys. */
  readonly keys?: readonly string[] | undefined;
  /** Any of these. */
  readonly states?: readonly number[] | undefined;
  /** Only jobs with a smaller id: the next page of a list. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** What an operator may do with jobs. */
export interface JobDesk {
  /** Jobs, the newest first. */
  list(filter: JobFilter): Promise<JobRow[]>;
  /** @throws AppError NOT_FOUND JOB_NOT_FOUND. */
  find(id: number): Promise<JobRow>;
  /**
   * Makes a job due now as if it had never failed, whether it waits, is dead or was cancelled.
   *
   * @throws AppError JOB_NOT_FOUND; FAILED_PRECONDITION JOB_DONE, or JOB_RUNNING while an attempt goes on.
   */
  retry(id: number, tx?: RowTransaction): Promise<void>;
  /**
   * Gives up a job that waits or is dead: no attempt follows.
   *
   * @throws AppError JOB_NOT_FOUND; FAILED_PRECONDITION JOB_DONE, JOB_CANCELLED, or JOB_RUNNING while an attempt goes on.
   */
  cancel(id: number, tx?: RowTransaction): Promise<void>;
}

/** Jobs, the newest first. */
export function listJobs(database: Database, filter: JobFilter): Promise<JobRow[]> {
  const { queue, kind, keys, states, before, limit } = filter;
  return createJobModelGen(database).findMany((query) => {
    let chosen = query.orderBy("id", "desc").limit(limit);
    if (queue !== undefined) chosen = chosen.where("queue", "=", queue);
    if (kind !== undefined) chosen = chosen.where(ofKind(kind));
    if (keys !== undefined) chosen = chosen.where("unique_key", "in", [...keys]);
    if (states !== undefined) chosen = chosen.where("state", "in", [...states]);
    return before === undefined ? chosen : chosen.where("id", "<", before);
  });
}

/** The jobs of all queues of a database; what `operator` does to them is written down. */
export function createJobDesk(database: Database, operator: Operator): JobDesk {
  const model = createJobModelGen(database);
  const find = (id: number): Promise<JobRow> => findJob(model, id);
  const now = (): number => database.runtime.now();
  const change = (job: JobRow, changes: Partial<JobRow>, tx?: RowTransaction): Promise<void> => {
    const work = (inside: RowTransaction): Promise<void> =>
      changeAs(database, inside, operator, { job, changes });
    return tx === undefined ? database.transaction(work) : work(tx);
  };
  return {
    list: (filter) => listJobs(database, filter),
    find,
    retry: async (id, tx) => {
      const job = await find(id);
      if (job.state === JOB_STATE.done) throw refused("JOB_DONE", `job ${id} is done`);
      const fresh = { claim: "", failures: 0, failingSince: 0, error: "" };
      await change(job, { ...fresh, state: JOB_STATE.waiting, dueAt: now() }, tx);
    },
    cancel: async (id, tx) => {
      const job = await find(id);
      if (job.state === JOB_STATE.done) throw refused("JOB_DONE", `job ${id} is done`);
      if (job.state === JOB_STATE.cancelled) throw refused("JOB_CANCELLED", `job ${id} is cancelled already`);
      await change(job, { claim: "", state: JOB_STATE.cancelled, dueAt: now() }, tx);
    },
  };
}

/** Whether an attempt of a job goes on at `now`, milliseconds since 1970. */
export function isBeingRun({ state, claim, dueAt }: JobRow, now: number): boolean {
  return state === JOB_STATE.waiting && claim !== "" && dueAt > now;
}

/** Changes a job that nobody runs: where somebody does, what the attempt brings must not be lost. */
async function changeAs(
  database: Database,
  tx: RowTransaction,
  { call, command }: Operator,
  { job, changes }: { readonly job: JobRow; readonly changes: Partial<JobRow> },
): Promise<void> {
  const model = createJobModelGen(database);
  const { id, queue, state, claim, dueAt } = job;
  const isRun = isBeingRun(job, database.runtime.now());
  const look = (): Promise<Facts | undefined> => jobFacts(model, tx, id);
  const act: Act<boolean> = { operation: command, subject: `job/${id}`, look, alsoUnnamed: true };
  const work = async () => !isRun && model.update(id, changes, { expect: { state, claim, dueAt }, tx });
  const isChanged = await createAudit(database, queue).record(tx, call, act, work);
  if (!isChanged)
    throw refused("JOB_RUNNING", `job ${id} is being run: look again when the attempt has ended`);
}

async function jobFacts(model: JobModelGen, tx: RowTransaction, id: number): Promise<Facts | undefined> {
  const job = await model.lockOne(id, tx);
  if (job === undefined) return undefined;
  const { state, dueAt, failures, error } = job;
  return { state, dueAt: new Date(dueAt), failures, error };
}

async function findJob(model: JobModelGen, id: number): Promise<JobRow> {
  const job = await model.findOne(id);
  if (job !== undefined) return job;
  throw new AppError("NOT_FOUND", "JOB_NOT_FOUND", `there is no job ${id}`);
}

function refused(reason: string, message: string): AppError {
  return new AppError("FAILED_PRECONDITION", reason, message);
}
