import { isNumberType } from "./number-type.ts";
import type { FieldRules, NumberRange, TypeRef } from "./schema.ts";

const FORMATS: ReadonlyMap<string, string> = new Map([
  ["email", "email"],
  ["url", "uri"],
  ["uri", "uri"],
  ["uuid", "uuid"],
  ["ipv4", "ipv4"],
  ["ipv6", "ipv6"],
]);
const PATTERNS: ReadonlyMap<string, string> = new Map([
  ["alpha", "^[a-zA-Z]+$"],
  ["alphanum", "^[a-zA-Z0-9]+$"],
  ["numeric", "^[-+]?[0-9]+(?:\\.[0-9]+)?$"],
  ["number", "^[0-9]+$"],
  ["lowercase", "^[^A-Z]+$"],
  ["uppercase", "^[^a-z]+$"],
]);
/** Each bound by the range that it stands for. */
const LOWER = new Set(["min", "gte", "gt", "len", "eq"]);
const UPPER = new Set(["max", "lte", "lt", "len", "eq"]);

type Rules = { -readonly [Name in keyof FieldRules]?: FieldRules[Name] };

/**
 * What a schema can say of a tag of go-playground/validator, up to `dive`. With `omitempty` the zero value passes, so of
 * the lower bounds nothing is said then. Other rules mean nothing here.
 */
export function validateRules(text: string, type: TypeRef): Rules {
  const terms = text.split(",").map((term) => term.trim());
  const end = terms.indexOf("dive");
  const rules = (end === -1 ? terms : terms.slice(0, end)).map((term): readonly [string, string] => {
    const at = term.indexOf("=");
    return at === -1 ? [term, ""] : [term.slice(0, at), term.slice(at + 1)];
  });
  const lax = rules.some(([name]) => name === "omitempty");
  if (type.kind !== "scalar" || type.name === "bool") return {};
  return isNumberType(type) ? numberRules(rules, lax) : textRules(rules, lax);
}

type Terms = readonly (readonly [name: string, value: string])[];

function numberRules(terms: Terms, lax: boolean): Rules {
  const options = oneOf(terms)?.map(Number);
  const rules: Rules = {};
  if (terms.some(([name]) => name === "required") && !lax) rules.nonZero = true;
  if (options?.every(Number.isFinite)) rules.options = lax ? [...new Set([0, ...options])] : options;
  const range = boundsOf(terms);
  if (range !== undefined && !(lax && range.min !== undefined)) rules.range = range;
  return rules;
}

function textRules(terms: Terms, lax: boolean): Rules {
  const rules: Rules = {};
  const required = terms.some(([name]) => name === "required") && !lax;
  const bounds = lengthOf(terms);
  const min = lax ? undefined : (bounds.min ?? (required ? 1 : undefined));
  if (min !== undefined || bounds.max !== undefined) rules.length = { min, max: bounds.max };
  const options = oneOf(terms);
  if (options !== undefined) rules.options = lax ? [...new Set(["", ...options])] : options;
  for (const [name] of lax ? [] : terms) {
    const pattern = PATTERNS.get(name);
    const format = FORMATS.get(name);
    if (pattern !== undefined) rules.pattern = pattern;
    if (format !== undefined) rules.format = format;
  }
  return rules;
}

function oneOf(terms: Terms): string[] | undefined {
  const [, text = ""] = terms.find(([name]) => name === "oneof") ?? [];
  const values = [...text.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
  return values.length === 0 ? undefined : values;
}

function boundsOf(terms: Terms): NumberRange | undefined {
  const low = terms.find(([name, value]) => LOWER.has(name) && isBound(value));
  const high = terms.find(([name, value]) => UPPER.has(name) && isBound(value));
  if (low === undefined && high === undefined) return undefined;
  return {
    min: low && Number(low[1]),
    max: high && Number(high[1]),
    minExclusive: low?.[0] === "gt",
    maxExclusive: high?.[0] === "lt",
  };
}

function lengthOf(terms: Terms): { min: number | undefined; max: number | undefined } {
  const range = boundsOf(terms.filter(([name]) => name !== "eq"));
  const { min, max, minExclusive, maxExclusive } = range ?? {};
  return {
    min: min === undefined ? undefined : Math.max(0, minExclusive ? min + 1 : min),
    max: max === undefined ? undefined : Math.max(0, maxExclusive ? max - 1 : max),
  };
}

function isBound(value: string): boolean {
  return /^-?\d{1,15}(\.\d{1,9})?$/.test(value);
}
