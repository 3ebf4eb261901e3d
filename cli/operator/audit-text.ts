import type { AuditEntryRow } from "@mall/kit/audit";
import { ROLE } from "@mall/kit/auth";
import { harmless } from "./harmless.ts";
import { textTable } from "./text-table.ts";

const HEADINGS = ["ID", "WHEN", "WHO", "FROM", "OPERATION", "SUBJECT", "BEFORE", "AFTER"] as const;
/** A cell that holds nothing. */
const NOTHING = "-";

/** A table of acts, a line each after the headings. */
export function auditLines(rows: readonly AuditEntryRow[]): string[] {
  const lines = rows.map((row) => [
    String(row.id),
    new Date(row.createdAt).toISOString(),
    whoText(row),
    row.address,
    row.operation,
    row.subject,
    row.stateBefore ?? "",
    row.stateAfter ?? "",
  ]);
  const shown = lines.map((cells) => cells.map((cell) => (cell === "" ? NOTHING : harmless(cell))));
  return textTable([[...HEADINGS], ...shown]);
}

/** An act as a line of JSON, for programs. */
export function auditJson(row: AuditEntryRow): string {
  const { stateBefore, stateAfter, createdAt, role, ...rest } = row;
  const before: unknown = stateBefore === null ? null : JSON.parse(stateBefore);
  const after: unknown = stateAfter === null ? null : JSON.parse(stateAfter);
  return harmless(JSON.stringify({ ...rest, role, at: new Date(createdAt).toISOString(), before, after }));
}

function whoText({ who, role }: AuditEntryRow): string {
  if (who === "" || role === null) return who;
  const name = Object.entries(ROLE).find(([, number]) => number === role)?.[0] ?? String(role);
  return `${who} (${name})`;
}
