import { type Field, type FieldProblem, joinPath } from "./field.ts";
import { isKeyText, keyValue } from "./map-key.ts";
import type { IntegerScalar, ScalarType } from "./message.ts";

const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;
const UINT32_MAX = 2 ** 32 - 1;

/** What is wrong with the value of a field, or undefined where it can be carried. */
export function checkField(field: Field, value: unknown, depth: number): FieldProblem | undefined {
  if (value === undefined) {
    return field.label === "optional" ? undefined : { path: field.property, rule: "is missing" };
  }
  if (field.label === "repeated") return checkRepeated(field, value, depth);
  if (field.key !== undefined) return checkMap(field, field.key, { value, depth });
  return checkOne(field, value, depth);
}

function checkRepeated(field: Field, values: unknown, depth: number): FieldProblem | undefined {
  if (!Array.isArray(values)) return { path: field.property, rule: "must be an array" };
  // An index loop, because forEach and for…of over entries would skip or hide the holes of a sparse array.
  for (let index = 0; index < values.length; index++) {
    const problem = checkOne(field, values[index], depth);
    if (problem !== undefined) {
      const inner = problem.path.slice(field.property.length);
      return { path: `${field.property}[${index}]${inner}`, rule: problem.rule };
    }
  }
  return undefined;
}

function checkMap(
  field: Field,
  key: ScalarType,
  { value: values, depth }: { readonly value: unknown; readonly depth: number },
): FieldProblem | undefined {
  const { property } = field;
  if (typeof values !== "object" || values === null || Array.isArray(values))
    return { path: property, rule: "must be an object" };
  for (const [name, value] of Object.entries(values)) {
    const rule = isKeyText(key, name)
      ? brokenRule(key, keyValue(key, name))
      : `must not have such a key, but ${key}`;
    if (rule !== undefined) return { path: property, rule: `key ${rule}` };
    const problem = checkOne(field, value, depth);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function checkOne(field: Field, value: unknown, depth: number): FieldProblem | undefined {
  if (field.scalar !== undefined) {
    const rule = brokenRule(field.scalar, value);
    return rule === undefined ? undefined : { path: field.property, rule };
  }
  const problem = field.nested?.().problemOf(value, depth + 1);
  if (problem === undefined) return undefined;
  return { path: joinPath(field.property, problem.path), rule: problem.rule };
}

function brokenRule(type: ScalarType, value: unknown): string | undefined {
  switch (type) {
    case "string":
      if (typeof value !== "string") return "must be a string";
      return value.isWellFormed() ? undefined : "must be well-formed Unicode";
    case "bool":
      return typeof value === "boolean" ? undefined : "must be true or false";
    case "double":
    case "float":
      return typeof value === "number" ? undefined : "must be a number";
    case "bytes":
      return value instanceof Uint8Array ? undefined : "must be bytes";
    default:
      return brokenIntegerRule(type, value);
  }
}

function brokenIntegerRule(type: IntegerScalar, value: unknown): string | undefined {
  if (typeof value !== "number") return "must be an integer";
  if (!Number.isSafeInteger(value)) return "must be an integer between -(2^53-1) and 2^53-1";
  switch (type) {
    case "int64":
    case "sint64":
    case "sfixed64":
      return undefined;
    case "uint64":
    case "fixed64":
      return value >= 0 ? undefined : "must not be negative";
    case "int32":
    case "sint32":
    case "sfixed32":
      return value >= INT32_MIN && value <= INT32_MAX ? undefined : "must fit in 32 bits";
    case "uint32":
    case "fixed32":
      return value >= 0 && value <= UINT32_MAX ? undefined : "must fit in 32 bits without sign";
  }
}
