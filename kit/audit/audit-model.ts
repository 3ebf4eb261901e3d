import type { Database } from "@mall/kit/store";
import { type AuditEntryModelGen, createAuditEntryModelGen } from "./model/gen/audit-entry-model.ts";

export type { AuditEntryColumns, AuditEntryRow } from "./model/gen/audit-entry-model.ts";

/** What was done: rows are added and read, and nobody changes or deletes one. */
export type AuditModel = Pick<AuditEntryModelGen, "insertAll" | "findMany">;

/** The audit of a database. */
export function createAuditModel(database: Database): AuditModel {
  const { insertAll, findMany } = createAuditEntryModelGen(database);
  return { insertAll, findMany };
}
