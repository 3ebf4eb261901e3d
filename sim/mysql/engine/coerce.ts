import type { Cell, Column } from "../catalog/table.ts";
import { UnsupportedSql } from "../unsupported-sql.ts";
import { ServerError } from "./server-error.ts";

const TIME = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?$/;

/**
 * What a column makes of a value, under a strict sql_mode.
 *
 * @throws ServerError for what it does not hold.
 */
export function coerce(column: Column, value: Cell): Cell {
  const { name, type, nullable } = column;
  if (value === null) {
    if (nullable) return null;
    throw new ServerError("nullValue", `Column '${name}' cannot be null`);
  }
  switch (type.kind) {
    case "integer":
      return wholeNumber(name, value, type);
    case "text":
      return text(name, value, type);
    case "bytes":
      return bytes(name, value, type.lengthMax);
    case "time":
      return time(name, value, type.digits);
  }
}

/** What the server's time is in a column; its zone is UTC. */
export function coerceNow(column: Column, now: number): Cell {
  return coerce(column, new Date(now).toISOString().slice(0, 23).replace("T", " "));
}

function wholeNumber(name: string, value: Cell, { min, max }: { min: number; max: number }): number {
  const number = typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value;
  if (typeof number !== "number") throw new UnsupportedSql(`${String(value)} as a whole number`);
  if (number < min || number > max)
    throw new ServerError("outOfRange", `Out of range value for column '${name}' at row 1`);
  if (!Number.isSafeInteger(number)) throw new UnsupportedSql(`a number like ${number}`);
  return number;
}

function text(
  name: string,
  value: Cell,
  { lengthMax, fixed }: { lengthMax: number; fixed: boolean },
): string {
  if (typeof value !== "string" && typeof value !== "number") throw new UnsupportedSql("bytes as a text");
  const whole = String(value);
  if (whole.length > lengthMax && [...whole].length > lengthMax) throw tooLong(name);
  return fixed ? whole.replace(/ +$/, "") : whole;
}

function bytes(name: string, value: Cell, lengthMax: number): Uint8Array {
  if (typeof value === "number" || value === null) throw new UnsupportedSql("a number as bytes");
  const whole = Buffer.from(value);
  if (whole.length > lengthMax) throw tooLong(name);
  return whole;
}

/** MariaDB cuts off what a column has no digits for, where MySQL rounds. */
function time(name: string, value: Cell, digits: number): string {
  const [whole, year, month, day, hour, minute, second, fraction = ""] = TIME.exec(String(value)) ?? [];
  if (whole === undefined || !isDay(Number(year), Number(month), Number(day))) throw wrongTime(name, value);
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) throw wrongTime(name, value);
  const seconds = whole.slice(0, 19);
  return digits === 0 ? seconds : `${seconds}.${fraction.padEnd(digits, "0").slice(0, digits)}`;
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function wrongTime(name: string, value: Cell): ServerError {
  return new ServerError(
    "wrongTime",
    `Incorrect datetime value: '${String(value)}' for column '${name}' at row 1`,
  );
}

function tooLong(name: string): ServerError {
  return new ServerError("tooLong", `Data too long for column '${name}' at row 1`);
}
