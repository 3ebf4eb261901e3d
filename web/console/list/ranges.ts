import { decimalsOf } from "@mall/kit/currency";
import { decimalText } from "../../shared/money.ts";
import { defined } from "../server/defined.ts";
import { numberOf } from "./use-filters.ts";

/** The filters of a list by time (Unix seconds) and amount (minor units), as they stand in its address. */
export type RangeName = "from" | "to" | "amountMin" | "amountMax";

type Filters = Readonly<Partial<Record<RangeName, string>>>;

/** The same as requests have them. */
export function rangesOf({ from, to, amountMin, amountMax }: Filters) {
  return defined({
    ...{ from: numberOf(from), to: numberOf(to) },
    ...{ amountMin: numberOf(amountMin), amountMax: numberOf(amountMax) },
  });
}

/** Nobody means what comes before; whoever types a year has typed its first figures only. */
const FIRST_YEAR = 2000;

/** A moment as a field for date and time by the viewer's clock has it; empty for none. */
export function localText(seconds: number | undefined): string {
  if (seconds === undefined) return "";
  const date = new Date(seconds * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

const LOCAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

/** Unix seconds of what such a field says; undefined for what is no moment yet. */
export function secondsOf(text: string): number | undefined {
  const date = new Date(LOCAL.test(text) ? text : Number.NaN);
  return date.getFullYear() >= FIRST_YEAR ? Math.floor(date.getTime() / 1000) : undefined;
}

/** What is taken as an amount in the main unit of a currency. */
export function amountPattern(currency: string): RegExp {
  const decimals = decimalsOf(currency);
  return decimals === 0 ? /^\s*\d{1,10}\s*$/ : new RegExp(`^\\s*\\d{1,8}([.]\\d{1,${decimals}})?\\s*$`);
}

/** Minor units of such an amount. */
export function minorUnitsOf(text: string, currency: string): number {
  return Math.round(Number(text) * 10 ** decimalsOf(currency));
}

/** The amount that a filter in minor units stands for, in the main unit. */
export function amountText(filter: string | undefined, currency: string): string | undefined {
  const amount = numberOf(filter);
  return amount === undefined ? undefined : decimalText(amount, currency);
}
