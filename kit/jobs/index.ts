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
export { createJobWorkers, type JobWorkers } from "./job-workers.ts";
export { jobsMigrations } from "./model/gen/migrations.ts";
