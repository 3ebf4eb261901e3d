import type { Literal } from "./literal.ts";
import { integerBounds, isFloat } from "./number-type.ts";
import {
  type ApiField,
  type ApiType,
  type FieldRules,
  NO_RULES,
  type NumberRange,
  type ScalarName,
  type TypeRef,
} from "./schema.ts";

/** A JSON Schema (2020-12) as it is written into generated code. */
export type SchemaLiteral = Readonly<Record<string, Literal>>;

const INTEGER = "^-?\\d+$";
const BASE64: SchemaLiteral = {
  type: "string",
  contentEncoding: "base64",
  pattern: "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
};

/** Gives the schema of a struct that another type names: written out in full, or a `$ref`. */
export type StructSchema = (name: string) => SchemaLiteral;

/** `required` lists in declaration order: the validator reports the first that is missing, as go-zero does. */
export function typeSchema(type: ApiType, structSchema: StructSchema): SchemaLiteral {
  const required = type.fields.filter((field) => isRequired(field)).map((field) => field.jsonName);
  const properties = type.fields.map((field) => [field.jsonName, fieldSchema(field, structSchema)] as const);
  return {
    type: "object",
    ...(required.length > 0 && { required }),
    ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
    ...notTogether(type),
  };
}

/** Fields that may not come together; the kit's validator reads it from here, the field that says so first. */
function notTogether({ fields }: ApiType): SchemaLiteral {
  const pairs = fields.flatMap(({ jsonName, rules: { excludes } }) =>
    excludes === undefined
      ? []
      : [{ required: [jsonName, excludes], properties: { [jsonName]: {}, [excludes]: {} } }],
  );
  const [first] = pairs;
  if (first === undefined) return {};
  return { not: pairs.length > 1 ? { anyOf: pairs } : first };
}

/** The schema of a type as a route names it. */
export function refSchema(ref: TypeRef, structSchema: StructSchema): SchemaLiteral {
  return schemaOf(ref, NO_RULES, structSchema);
}

/** Whether a body must have the field; one without any such field may be left out whole. */
export function isRequired(field: ApiField): boolean {
  return !field.rules.optional && field.rules.default === undefined;
}

/** The schema of a field by itself, its comment included. */
export function fieldSchema(field: ApiField, structSchema: StructSchema): SchemaLiteral {
  const schema = schemaOf(field.type, field.rules, structSchema);
  return field.description === "" ? schema : { ...schema, description: field.description };
}

function schemaOf(ref: TypeRef, rules: FieldRules, structSchema: StructSchema): SchemaLiteral {
  if (ref.kind === "any") return {};
  if (ref.kind === "struct") return structSchema(ref.name);
  const preset = rules.default === undefined ? {} : { default: rules.default };
  if (ref.kind === "bytes") return { ...BASE64, ...preset };
  if (ref.kind === "array") {
    const { length } = ref;
    const bounds = length === undefined ? {} : { minItems: length, maxItems: length };
    return { type: "array", items: refSchema(ref.element, structSchema), ...bounds, ...preset };
  }
  if (ref.kind === "map") {
    return {
      type: "object",
      ...(ref.numeric && { propertyNames: { pattern: INTEGER } }),
      additionalProperties: refSchema(ref.value, structSchema),
    };
  }
  if (rules.quoted) return { type: "string", pattern: rules.pattern ?? quotedPattern(ref.name) };
  return {
    ...scalarSchema(ref.name, rules.range),
    ...(rules.nonZero && { not: { const: 0 } }),
    ...textBounds(rules),
    ...(rules.options !== undefined && { enum: rules.options }),
    ...preset,
  };
}

function quotedPattern(name: ScalarName): string {
  if (name === "bool") return "^(?:true|false)$";
  return isFloat(name) ? "^-?\\d+(?:\\.\\d+)?(?:[eE][-+]?\\d+)?$" : INTEGER;
}

function scalarSchema(name: ScalarName, range: NumberRange | undefined): SchemaLiteral {
  if (name === "string") return { type: "string" };
  if (name === "bool") return { type: "boolean" };
  if (isFloat(name)) return { type: "number", ...(range !== undefined && floatBounds(range)) };
  const { min, max } = integerBounds(name, range);
  return { type: "integer", minimum: min, maximum: max };
}

function textBounds({ length, pattern, format }: FieldRules): SchemaLiteral {
  return {
    ...(length?.min !== undefined && { minLength: length.min }),
    ...(length?.max !== undefined && { maxLength: length.max }),
    ...(pattern !== undefined && { pattern }),
    ...(format !== undefined && { format }),
  };
}

function floatBounds(range: NumberRange): SchemaLiteral {
  const { min, max } = range;
  return {
    ...(min !== undefined && { [range.minExclusive ? "exclusiveMinimum" : "minimum"]: min }),
    ...(max !== undefined && { [range.maxExclusive ? "exclusiveMaximum" : "maximum"]: max }),
  };
}
