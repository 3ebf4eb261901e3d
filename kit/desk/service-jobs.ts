import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { Idempotency } from "@mall/kit/idempotency";
import {
  createJobDesk,
  createJobView,
  isBeingRun,
  JOB_STATE,
  type JobColumns,
  type JobDesk,
  type JobRow,
  ofKind,
} from "@mall/kit/jobs";
import { pageLimit } from "@mall/kit/rpc";
import { type Database, type RowTransaction, type SelectOf, scanNewest } from "@mall/kit/store";

/** What a method `JobList` is asked; what is undefined does not matter. */
export interface JobListRequest {
  /** With those that have places of their own: `pay.refund@alipay` is of the kind `pay.refund`. */
  readonly kind?: string | undefined;
  readonly key?: string | undefined;
  readonly state?: number | undefined;
  /** Only jobs with a smaller id; 0 for the first page. */
  readonly before: number;
  /** At most so many; 0 for the default. */
  readonly limit: number;
}

/** A job, as methods tell it: times in Unix seconds, an empty key for none, the payload as JSON or, in lists, empty. */
export interface Job {
  id: number;
  kind: string;
  key: string;
  state: number;
  running: boolean;
  dueTime: number;
  attempts: number;
  failures: number;
  failingSince: number;
  error: string;
  createTime: number;
  payload: string;
}

/** A page of jobs, the newest first; `next` is `before` of the one that follows, 0 for none. */
export interface JobListResponse {
  jobs: Job[];
  next: number;
}

/** Names a job. */
export interface JobId {
  readonly id: number;
}

/** What people look at and do with the jobs of one service by its operations; what they do is written down. */
export interface ServiceJobs {
  /**
   * A page of jobs, in bounded time: it may be short, or empty, and have a next one.
   *
   * @throws AppError INVALID_ARGUMENT naming `limit`.
   */
  list(request: JobListRequest): Promise<JobListResponse>;
  /** @throws AppError NOT_FOUND JOB_NOT_FOUND, also for another service's job. */
  detail(request: JobId): Promise<Job>;
  /** @throws AppError as JobDesk.retry. */
  retry(call: Call, request: JobId): Promise<Record<string, never>>;
  /** @throws AppError as JobDesk.cancel. */
  cancel(call: Call, request: JobId): Promise<Record<string, never>>;
}

/** Where the jobs are, and the keys of requests about them. */
interface Parts {
  readonly database: Database;
  readonly idempotency: Idempotency;
}

type Query = SelectOf<JobColumns>;

/** States that few jobs are in, whose index is quicker than a look through all. */
const FEW: readonly number[] = [JOB_STATE.waiting, JOB_STATE.dead];

/** The jobs of a service's queue in its database, which may hold others' too. */
export function createServiceJobs({ database, idempotency }: Parts, queue: string): ServiceJobs {
  const model = createJobView(database);
  const find = async (id: number): Promise<JobRow> => {
    const job = await model.findOne(id);
    if (job?.queue === queue) return job;
    throw new AppError("NOT_FOUND", "JOB_NOT_FOUND", `there is no job ${id}`);
  };
  const act = (
    call: Call,
    { id }: JobId,
    change: (desk: JobDesk, tx: RowTransaction) => Promise<void>,
  ): Promise<Record<string, never>> =>
    idempotency.once<Record<string, never>>(call, { id }, async (commit) => {
      await find(id);
      return commit.transaction(async (tx) => {
        await change(createJobDesk(database, { call }), tx);
        return { answer: {} };
      });
    });
  return {
    list: async (request) => {
      const { before } = request;
      const limit = pageLimit(request.limit);
      const { rows, next } = await scanNewest<JobRow, Query>(model.findMany, {
        before,
        limit,
        ...conditions(queue, request),
      });
      return { jobs: rows.map((job) => ({ ...toJob(database, job), payload: "" })), next };
    },
    detail: async ({ id }) => toJob(database, await find(id)),
    retry: (call, request) => act(call, request, (desk, tx) => desk.retry(request.id, tx)),
    cancel: (call, request) => act(call, request, (desk, tx) => desk.cancel(request.id, tx)),
  };
}

function conditions(queue: string, { kind, key, state }: JobListRequest) {
  const isFew = state !== undefined && FEW.includes(state);
  const within = (query: Query): Query => {
    if (key !== undefined) return query.where("queue", "=", queue).where("unique_key", "=", key);
    return isFew ? query.where("queue", "=", queue).where("state", "=", state) : query;
  };
  const matching = (query: Query): Query => {
    let chosen = query.where("queue", "=", queue);
    if (kind !== undefined) chosen = chosen.where(ofKind(kind));
    return state === undefined ? chosen : chosen.where("state", "=", state);
  };
  return { within, matching };
}

function toJob({ runtime }: Database, job: JobRow): Job {
  const { id, kind, uniqueKey, state, attempts, failures, error, payload } = job;
  return {
    ...{ id, kind, key: uniqueKey ?? "", state, attempts, failures, error, payload },
    running: isBeingRun(job, runtime.now()),
    dueTime: seconds(job.dueAt),
    failingSince: seconds(job.failingSince),
    createTime: seconds(job.createdAt),
  };
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}
