import { invalidArgument } from "@mall/kit/errors";
import type { ColumnDefinition } from "./table.ts";

/**
 * Checks a value against the limits of its column, so that no database has to round, cut or reject it.
 *
 * @throws AppError INVALID_ARGUMENT naming the property and the rule.
 */
export function checkColumn(column: ColumnDefinition, value: unknown): void {
  const rule = brokenRule(column, value);
  if (rule !== undefined) throw invalidArgument(column.property, rule);
}

/** The rule of the column that `value` breaks, or undefined if it fits. */
export function brokenRule(column: ColumnDefinition, value: unknown): string | undefined {
  if (value === null) return column.nullable === true ? undefined : "must not be null";
  switch (column.type) {
    case "integer":
      return brokenInteger(column, value);
    case "text":
      return brokenText(column, value);
    case "decimal":
      return brokenDecimal(column, value);
    case "float":
      return Number.isFinite(value) ? undefined : "must be a finite number";
    case "date":
      return isDate(value) ? undefined : "must be a date like 2026-01-31";
    case "time":
      return isTime(value) ? undefined : "must be a valid time";
    case "bytes":
      return brokenBytes(column, value);
    case "boolean":
      return typeof value === "boolean" ? undefined : "must be true or false";
  }
}

function brokenInteger({ min, max }: ColumnDefinition, value: unknown): string | undefined {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) return "must be an integer";
  if (min !== undefined && value < min) return `must not be less than ${min}`;
  if (max !== undefined && value > max) return `must not be greater than ${max}`;
  return undefined;
}

function brokenText({ lengthMax, values }: ColumnDefinition, value: unknown): string | undefined {
  if (typeof value !== "string") return "must be text";
  if (values !== undefined) return values.includes(value) ? undefined : `must be one of ${values.join(", ")}`;
  if (!value.isWellFormed()) return "must be well-formed Unicode text";
  if (lengthMax !== undefined && isLonger(value, lengthMax)) {
    return `must not be longer than ${lengthMax} characters`;
  }
  return undefined;
}

/** Characters are code points, as MySQL counts them; a code point has one or two units. */
function isLonger(text: string, lengthMax: number): boolean {
  if (text.length <= lengthMax) return false;
  if (text.length > lengthMax * 2) return true;
  return [...text].length > lengthMax;
}

function brokenBytes({ lengthMax }: ColumnDefinition, value: unknown): string | undefined {
  if (!(value instanceof Uint8Array)) return "must be bytes";
  if (lengthMax !== undefined && value.length > lengthMax)
    return `must not be longer than ${lengthMax} bytes`;
  return undefined;
}

/** No more digits than the column has, so that no database rounds. */
function brokenDecimal({ precision, scale = 0 }: ColumnDefinition, value: unknown): string | undefined {
  if (typeof value === "number" && Number.isFinite(value) && precision === undefined) return undefined;
  const [, whole, fraction = ""] = /^-?(\d+)(?:\.(\d+))?$/.exec(String(value)) ?? [];
  if (whole === undefined) return "must be a decimal number";
  if (precision === undefined) return undefined;
  const digits = whole.replace(/^0+/, "").length;
  if (digits <= precision - scale && fraction.replace(/0+$/, "").length <= scale) return undefined;
  return `must have at most ${precision - scale} digits before and ${scale} after the point`;
}

function isDate(value: unknown): boolean {
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\d$/.test(value)) return false;
  const at = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(value);
}

/** Years that four digits write. */
function isTime(value: unknown): boolean {
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) return false;
  const year = value.getUTCFullYear();
  return year >= 1 && year <= 9998;
}
