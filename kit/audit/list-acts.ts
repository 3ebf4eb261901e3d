import type { Database } from "@mall/kit/store";
import { type AuditEntryRow, createAuditModel } from "./audit-model.ts";

export type { AuditEntryRow } from "./audit-model.ts";

/** Which acts to list; what is left out does not matter. */
export interface AuditFilter {
  readonly service?: string | undefined;
  readonly who?: string | undefined;
  /** About this, or about any of these. */
  readonly subject?: string | readonly string[] | undefined;
  readonly operation?: string | undefined;
  /** Not before this, milliseconds since 1970. */
  readonly since?: number | undefined;
  /** Only acts with a smaller id: the next page of a list. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** What people did, the newest first. */
export function listActs(database: Database, filter: AuditFilter): Promise<AuditEntryRow[]> {
  const { service, who, subject, operation, since, before, limit } = filter;
  return createAuditModel(database).findMany((query) => {
    let chosen = query.orderBy("id", "desc").limit(limit);
    if (service !== undefined) chosen = chosen.where("service", "=", service);
    if (who !== undefined) chosen = chosen.where("who", "=", who);
    if (subject !== undefined) chosen = chosen.where("subject", "in", [subject].flat());
    if (operation !== undefined) chosen = chosen.where("operation", "=", operation);
    if (since !== undefined) chosen = chosen.where("created_at", ">=", since);
    return before === undefined ? chosen : chosen.where("id", "<", before);
  });
}
