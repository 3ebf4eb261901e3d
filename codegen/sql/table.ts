import type { Position } from "../emit/index.ts";

/** A table as CREATE TABLE, or the replay of a history of statements, defines it. */
export interface SqlTable {
  readonly name: string;
  readonly columns: readonly SqlColumn[];
  readonly keys: readonly SqlKey[];
  /** Column of the primary key: an integer or a text, which the database gives where it is AUTO_INCREMENT. */
  readonly primaryKey: string;
}

/** A column type with what its limits are. */
export type SqlColumnType =
  | { readonly kind: "integer"; readonly min: number; readonly max: number }
  /** `values` of an enum. */
  | { readonly kind: "text"; readonly lengthMax: number; readonly values?: readonly string[] }
  | { readonly kind: "bytes"; readonly lengthMax: number }
  | { readonly kind: "time"; readonly wall: boolean; readonly digits: number }
  /** Exact, so text: `-12.50`. */
  | { readonly kind: "decimal"; readonly precision: number; readonly scale: number }
  | { readonly kind: "float" }
  | { readonly kind: "boolean" }
  /** A day without a time, as text: `2026-01-31`. */
  | { readonly kind: "date" };

export interface SqlColumn {
  readonly name: string;
  readonly type: SqlColumnType;
  /** The type as MySQL says it, without a display width: `bigint unsigned`, `varchar(255)`. */
  readonly declared: string;
  readonly nullable: boolean;
  readonly autoIncrement: boolean;
  /** A literal, the time of the insert, or none. */
  readonly defaultValue: number | string | typeof NOW | undefined;
  /** True for `ON UPDATE CURRENT_TIMESTAMP`. */
  readonly onUpdateNow: boolean;
  /** Whether inserts and updates leave it out, goctl's `--ignore-columns`. */
  readonly leftOut: boolean;
  readonly comment: string;
  readonly position: Position;
}

/** DEFAULT CURRENT_TIMESTAMP. */
export const NOW = Symbol("CURRENT_TIMESTAMP");

/** An index other than the primary key. */
export interface SqlKey {
  readonly name: string;
  readonly unique: boolean;
  readonly columns: readonly string[];
  /** The only rows in it, where SQLite's is a partial index; MySQL has none of these, and all rows in its own. */
  readonly only?: { readonly column: string; readonly value: number } | undefined;
}

/** goctl's own names for them. */
const CREATED: ReadonlySet<string> = new Set(["create_time", "create_at", "created_at"]);
const UPDATED: ReadonlySet<string> = new Set(["update_time", "update_at", "updated_at"]);

/** Times that inserts and updates leave out unless they are told otherwise; goctl leaves out numbers by these names, too. */
export const MANAGED: ReadonlySet<string> = new Set([...CREATED, ...UPDATED]);

/** Which part of a row the database, not the program, sets. */
export function managedRole(column: SqlColumn): "id" | "created" | "updated" | undefined {
  if (column.autoIncrement) return "id";
  if (column.type.kind !== "time") return undefined;
  if (column.onUpdateNow) return "updated";
  if (!column.leftOut) return undefined;
  if (UPDATED.has(column.name)) return "updated";
  return CREATED.has(column.name) || column.defaultValue === NOW ? "created" : undefined;
}

/** Whether rows may hold NULL there: a managed time with CURRENT_TIMESTAMP always has a value, whatever its type allows. */
export function mayBeNull(column: SqlColumn): boolean {
  return column.nullable && (managedRole(column) === undefined || column.defaultValue === undefined);
}

/**
 * Whether an insert may say nothing of it. A time with a default is the program's to say where the store does not keep
 * it: each database would tell another.
 */
export function mayBeLeftOut({ type, nullable, defaultValue }: SqlColumn): boolean {
  if (type.kind === "time" && defaultValue !== undefined) return false;
  return nullable || defaultValue !== undefined;
}
