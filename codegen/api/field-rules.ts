import type { Lexer } from "./lexer.ts";
import { integerBounds, isFloat, isNumberType } from "./number-type.ts";
import type { FieldRules, NumberRange, TypeRef } from "./schema.ts";
import type { TagPart } from "./tag-part.ts";

interface ValueContext {
  readonly lexer: Lexer;
  readonly type: TypeRef;
}

type Scalar = string | number | boolean;

/** The words of Go's strconv.ParseBool. */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...["1", "t", "T", "TRUE", "true", "True"].map((word) => [word, true] as const),
  ...["0", "f", "F", "FALSE", "false", "False"].map((word) => [word, false] as const),
]);

const RANGE = /^([[(])([^:]*):([^:]*)([\])])$/;

/**
 * The value of `range=`: brackets say inclusive or exclusive, one side may be empty. Of lists and the like it says
 * nothing, as in go-zero, which refuses every text and truth value that has one.
 */
export function fieldRange(context: ValueContext, part: TagPart | undefined): NumberRange | undefined {
  if (part === undefined || context.type.kind !== "scalar") return undefined;
  if (!isNumberType(context.type)) throw context.lexer.error(part.at, "range=", "it only at numbers");
  const [whole, open, low = "", high = "", close] = RANGE.exec(part.text) ?? [];
  if (whole === undefined || (low.trim() === "" && high.trim() === "")) {
    throw context.lexer.error(part.at, `"${part.text}"`, "a range like [1:5], (1:5), [1:) or (:5]");
  }
  const range: NumberRange = {
    min: rangeSide(context, part, low),
    max: rangeSide(context, part, high),
    minExclusive: open === "(",
    maxExclusive: close === ")",
  };
  if (!allowsSome(context.type, range)) {
    throw context.lexer.error(part.at, `"${part.text}"`, "a range that some value of the type is in");
  }
  return range;
}

/** The values of `options=a|b` or `options=[a,b]`; of lists and the like they say nothing, as in go-zero. */
export function fieldOptions(
  context: ValueContext,
  part: TagPart | undefined,
  range: NumberRange | undefined,
): (string | number)[] | undefined {
  if (part === undefined || context.type.kind !== "scalar") return undefined;
  const bracketed = /^\[(.*)\]$/.exec(part.text);
  const texts = bracketed === null ? part.text.split("|") : (bracketed[1] ?? "").split(",");
  // Both truth values are all that there are.
  if (
    context.type.name === "bool" &&
    texts
      .map((text) => text.trim())
      .toSorted()
      .join() === "false,true"
  )
    return undefined;
  const values: (string | number)[] = [];
  for (const text of texts.map((value) => value.trim())) {
    const value = scalarOf(context, text);
    if (text === "" || value === undefined || typeof value === "boolean") {
      throw context.lexer.error(
        part.at,
        `options="${part.text}"`,
        "values of the field's type, at a string or number",
      );
    }
    if (values.includes(value)) {
      throw context.lexer.error(part.at, `"${text}" twice in options`, "each value once");
    }
    if (!inRange(value, range)) {
      throw context.lexer.error(part.at, `the option value ${text}`, "a value inside the field's range");
    }
    values.push(value);
  }
  return values;
}

/** The value of `default=`, which obeys the field's other rules. */
export function fieldDefault(
  context: ValueContext,
  part: TagPart | undefined,
  rules: Pick<FieldRules, "range" | "options">,
): FieldRules["default"] {
  if (part === undefined) return undefined;
  const value = listOf(context, part.text) ?? scalarOf(context, part.text);
  if (value === undefined) {
    throw context.lexer.error(
      part.at,
      `the default "${part.text}"`,
      "a value of the field's type, at a string, number, bool, or a list of them",
    );
  }
  if (typeof value === "object") return value;
  const allowed = rules.options === undefined || rules.options.some((option) => option === value);
  if (!allowed || !inRange(value, rules.range)) {
    throw context.lexer.error(
      part.at,
      `the default "${part.text}"`,
      "a value that the field's range and options allow",
    );
  }
  return value;
}

/** `[a,b]` as a list of the type, or as the text of bytes; undefined where it is none. */
function listOf({ lexer, type }: ValueContext, text: string): readonly Scalar[] | string | undefined {
  if (type.kind !== "array" && type.kind !== "bytes") return undefined;
  const inner = /^\[(.*)\]$/.exec(text)?.[1]?.trim();
  if (inner === undefined) return undefined;
  const element: TypeRef = type.kind === "bytes" ? { kind: "scalar", name: "uint8" } : type.element;
  const values: Scalar[] = [];
  for (const part of inner === "" ? [] : inner.split(",")) {
    const value = scalarOf({ lexer, type: element }, part.trim());
    if (value === undefined) return undefined;
    values.push(value);
  }
  if (type.kind === "bytes") return Buffer.from(values.map(Number)).toString("base64");
  return type.length === undefined || type.length === values.length ? values : undefined;
}

/** The text as a value of the type, or undefined where it is none. */
function scalarOf({ type }: ValueContext, text: string): Scalar | undefined {
  if (type.kind !== "scalar") return undefined;
  if (type.name === "string") return text;
  if (type.name === "bool") return BOOLEANS.get(text);
  const value = numberOf(text);
  if (value === undefined || isFloat(type.name)) return value;
  const { min, max } = integerBounds(type.name);
  return Number.isInteger(value) && value >= min && value <= max ? value : undefined;
}

function rangeSide(context: ValueContext, part: TagPart, text: string): number | undefined {
  if (text.trim() === "") return undefined;
  const value = numberOf(text.trim());
  const float = context.type.kind === "scalar" && isFloat(context.type.name);
  if (value === undefined || !(float || Number.isSafeInteger(value))) {
    throw context.lexer.error(
      part.at,
      `"${text.trim()}" in the range`,
      float ? "a number" : "an integer within 2^53",
    );
  }
  return value;
}

function numberOf(text: string): number | undefined {
  return /^[-+]?\d+(\.\d+)?(e[-+]?\d+)?$/i.test(text) && Number.isFinite(Number(text))
    ? Number(text) + 0
    : undefined;
}

function allowsSome(type: TypeRef, range: NumberRange): boolean {
  if (type.kind !== "scalar" || type.name === "string" || type.name === "bool") return false;
  if (!isFloat(type.name)) {
    const { min, max } = integerBounds(type.name, range);
    return min <= max;
  }
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = range;
  return range.minExclusive || range.maxExclusive ? min < max : min <= max;
}

function inRange(value: Scalar, range: NumberRange | undefined): boolean {
  if (range === undefined || typeof value !== "number") return true;
  const { min, max, minExclusive, maxExclusive } = range;
  const above = min === undefined || (minExclusive ? value > min : value >= min);
  const below = max === undefined || (maxExclusive ? value < max : value <= max);
  return above && below;
}
