import { type AuditEntryColumns, type AuditEntryRow, createAuditModel } from "@mall/kit/audit";
import { instantOf, pageLimit } from "@mall/kit/rpc";
import { type Database, idsBetween, type SelectOf, scanNewest } from "@mall/kit/store";

/** What a method `AuditList` is asked; what is undefined does not matter. */
export interface AuditListRequest {
  readonly who?: string | undefined;
  readonly subject?: string | undefined;
  readonly operation?: string | undefined;
  /** Then or later, Unix seconds. */
  readonly from?: number | undefined;
  /** Before, Unix seconds. */
  readonly to?: number | undefined;
  /** Only acts with a smaller id; 0 for the first page. */
  readonly before: number;
  /** At most so many; 0 for the default. */
  readonly limit: number;
}

/** An act, as methods tell it: empty texts for what is null, times in Unix seconds, 0 for the role of a command. */
export interface AuditEntry {
  id: number;
  who: string;
  role: number;
  address: string;
  operation: string;
  subject: string;
  traceId: string;
  stateBefore: string;
  stateAfter: string;
  createTime: number;
}

/** A page of acts, the newest first; `next` is `before` of the one that follows, 0 for none. */
export interface AuditListResponse {
  entries: AuditEntry[];
  next: number;
}

/** What people did about the rows of one service. */
export interface ServiceActs {
  /**
   * A page of acts, in bounded time: it may be short, or empty, and have a next one.
   *
   * @throws AppError INVALID_ARGUMENT naming `limit`, `from` or `to`.
   */
  list(request: AuditListRequest): Promise<AuditListResponse>;
}

type Query = SelectOf<AuditEntryColumns>;

/** The acts of a service in its database, which may hold others' too. */
export function createServiceActs(database: Database, service: string): ServiceActs {
  const { findMany } = createAuditModel(database);
  const acts = { findMany, timeOf: ({ createdAt }: AuditEntryRow) => createdAt };
  return {
    list: async ({ before, limit, ...filter }) => {
      const range = { from: milliseconds("from", filter.from), to: milliseconds("to", filter.to) };
      const isDated = range.from !== undefined || range.to !== undefined;
      const ids = isDated ? await idsBetween<AuditEntryRow, Query>(acts, range) : undefined;
      const page = await scanNewest<AuditEntryRow, Query>(findMany, {
        before,
        limit: pageLimit(limit),
        within: (query) => {
          const indexed = byIndex(query, filter);
          return ids === undefined ? indexed : indexed.where("id", ">=", ids.from).where("id", "<", ids.to);
        },
        matching: (query) => byRow(query.where("service", "=", service), filter, range),
      });
      return { entries: page.rows.map(toEntry), next: page.next };
    },
  };
}

type Filter = Omit<AuditListRequest, "before" | "limit">;

function byIndex(query: Query, { subject, who }: Filter): Query {
  if (subject !== undefined) return query.where("subject", "=", subject);
  return who === undefined ? query : query.where("who", "=", who);
}

function byRow(query: Query, { subject, who, operation }: Filter, { from, to }: Filter): Query {
  let chosen = query;
  if (subject !== undefined) chosen = chosen.where("subject", "=", subject);
  if (who !== undefined) chosen = chosen.where("who", "=", who);
  if (operation !== undefined) chosen = chosen.where("operation", "=", operation);
  if (from !== undefined) chosen = chosen.where("created_at", ">=", from);
  return to === undefined ? chosen : chosen.where("created_at", "<", to);
}

function toEntry({
  createdAt,
  role,
  stateBefore,
  stateAfter,
  service: _,
  ...same
}: AuditEntryRow): AuditEntry {
  return {
    ...same,
    role: role ?? 0,
    stateBefore: stateBefore ?? "",
    stateAfter: stateAfter ?? "",
    createTime: Math.floor(createdAt / 1000),
  };
}

function milliseconds(field: string, seconds: number | undefined): number | undefined {
  return instantOf(field, seconds)?.getTime();
}
