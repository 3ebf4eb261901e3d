export {
  createJobDesk,
  isBeingRun,
  type JobDesk,
  type JobFilter,
  type JobRow,
  listJobs,
} from "./job-desk.ts";
export type {
  JobHandler,
  JobInfo,
  JobOutcome,
  JobQueue,
  JobTicket,
  JsonObject,
  JsonValue,
  KindOptions,
  NewJob,
} from "./job-queue.ts";
export { JOB_STATE } from "./job-state.ts";
export { createJobView, type JobColumns, type JobView } from "./job-view.ts";
export { createJobWorkers, type JobWorkers } from "./job-workers.ts";
export { jobsMigrations } from "./model/gen/migrations.ts";
export { LANE_MARK, ofKind } from "./of-kind.ts";
export { placesOf } from "./places-of.ts";
export { LOOK_MS_MAX, standingJob, untilNextLook } from "./standing-job.ts";
