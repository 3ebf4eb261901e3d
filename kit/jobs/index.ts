export { createJobDesk, type JobDesk, type JobFilter, type JobRow } from "./job-desk.ts";
export {
  type JobHandler,
  type JobInfo,
  type JobOutcome,
  type JobQueue,
  JobRefused,
  type JobTicket,
  type JsonObject,
  type JsonValue,
  type NewJob,
} from "./job-queue.ts";
export { JOB_STATE } from "./job-state.ts";
export { createJobWorkers, type JobWorkers } from "./job-workers.ts";
export { jobsMigrations } from "./model/gen/migrations.ts";
