import type { IntegerName, NumberRange, ScalarName, TypeRef } from "./schema.ts";

interface Bounds {
  readonly min: number;
  readonly max: number;
}

const SAFE = Number.MAX_SAFE_INTEGER;

// 64-bit types end at 2^53 - 1: a JSON number beyond it does not arrive as it was sent.
const BOUNDS: Readonly<Record<IntegerName, Bounds>> = {
  int: { min: -SAFE, max: SAFE },
  int8: { min: -128, max: 127 },
  int16: { min: -32768, max: 32767 },
  int32: { min: -2147483648, max: 2147483647 },
  int64: { min: -SAFE, max: SAFE },
  uint: { min: 0, max: SAFE },
  uint8: { min: 0, max: 255 },
  uint16: { min: 0, max: 65535 },
  uint32: { min: 0, max: 4294967295 },
  uint64: { min: 0, max: SAFE },
};

/** The smallest and largest value of an integer type, both inclusive, narrowed by `range=`. */
export function integerBounds(name: IntegerName, range?: NumberRange): Bounds {
  const { min, max } = BOUNDS[name];
  if (range === undefined) return { min, max };
  const low = range.min === undefined ? min : range.min + (range.minExclusive ? 1 : 0);
  const high = range.max === undefined ? max : range.max - (range.maxExclusive ? 1 : 0);
  return { min: Math.max(min, low), max: Math.min(max, high) };
}

export function isFloat(name: ScalarName): name is "float32" | "float64" {
  return name === "float32" || name === "float64";
}

export function isNumberType(type: TypeRef): boolean {
  return type.kind === "scalar" && type.name !== "string" && type.name !== "bool";
}

/** The scalar that a Go name means, or undefined where it names none. */
export function scalarName(word: string): ScalarName | undefined {
  if (word === "byte") return "uint8";
  if (word === "rune") return "int32";
  if (word === "string" || word === "bool" || word === "float32" || word === "float64") return word;
  return isIntegerName(word) ? word : undefined;
}

function isIntegerName(word: string): word is IntegerName {
  return Object.hasOwn(BOUNDS, word);
}
