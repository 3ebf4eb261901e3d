export {
  type AuditEntry,
  type AuditListRequest,
  type AuditListResponse,
  createServiceActs,
  type ServiceActs,
} from "./service-acts.ts";
export {
  createServiceJobs,
  type Job,
  type JobId,
  type JobListRequest,
  type JobListResponse,
  type ServiceJobs,
} from "./service-jobs.ts";
