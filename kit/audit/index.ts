export { type Act, type Audit, createAudit, type Operator } from "./audit.ts";
export { type AuditEntryColumns, type AuditModel, createAuditModel } from "./audit-model.ts";
export type { Facts } from "./changed-facts.ts";
export { type AuditEntryRow, type AuditFilter, listActs } from "./list-acts.ts";
export { auditMigrations } from "./model/gen/migrations.ts";
