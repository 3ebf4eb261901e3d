import { AppError, invalidArgument } from "@mall/kit/errors";
import type { FastifySchemaValidationError, FastifyServerOptions } from "fastify";
import { exclusionsOf } from "./exclusions.ts";
import { fieldPath, isSchema } from "./field-path.ts";
import type { JsonSchema } from "./route.ts";

const LEAVE_OUT_NULL = "leaveOutNull";
const EXCLUDES = "excludes";

/**
 * How Ajv reads a request: nothing is coerced, a default fills only what is absent, unknown keys are
 * dropped, the first failure ends it. `verbose` gives the failing value; only its type is reported.
 */
export const ajvOptions: NonNullable<FastifyServerOptions["ajv"]> = {
  customOptions: {
    coerceTypes: false,
    useDefaults: true,
    removeAdditional: true,
    allErrors: false,
    verbose: true,
    // Each server would compile the schema of schemas, 50 ms, to check what codegen wrote and its tests have checked.
    meta: false,
    validateSchema: false,
    keywords: [
      {
        keyword: LEAVE_OUT_NULL,
        schemaType: "array",
        before: "allOf",
        modifying: true,
        errors: false,
        compile: (names: string[]) => (data: unknown) => leaveOutNull(names, data),
      },
      { keyword: EXCLUDES, schemaType: "array", compile: excludes },
    ],
  },
};

/** go-zero leaves an optional field untouched when it is null. */
function leaveOutNull(names: readonly string[], data: unknown): boolean {
  if (typeof data !== "object" || data === null) return true;
  const record = data as Record<string, unknown>;
  for (const name of names) if (record[name] === null) delete record[name];
  return true;
}

interface Check {
  (data: unknown): boolean;
  /** Where Ajv looks for what the last call found. */
  errors?: { readonly keyword: string; readonly params: Readonly<Record<string, unknown>> }[];
}

/** Which field may not come with which others. */
function excludes([field = "", ...others]: string[]): Check {
  const check: Check = (data) => {
    if (!isSchema(data) || data[field] === undefined) return true;
    const other = others.find((each) => data[each] !== undefined);
    if (other === undefined) return true;
    check.errors = [{ keyword: EXCLUDES, params: { field, other } }];
    return false;
  };
  return check;
}

/**
 * Rewrites a schema so that Ajv finds the first failing field in declaration order, as go-zero does; by
 * itself it would look for every missing field before it looks at any value.
 */
export function inDeclarationOrder({ $defs, ...schema }: JsonSchema): JsonSchema {
  const ordered = ordering(schema);
  if (!isSchema($defs)) return ordered;
  const definitions = Object.entries($defs as Record<string, JsonSchema>);
  return {
    ...ordered,
    $defs: Object.fromEntries(
      definitions.map(([name, definition]) => [name, inDeclarationOrder(definition)]),
    ),
  };
}

function ordering(schema: JsonSchema): JsonSchema {
  const { properties, items, additionalProperties, required, not, ...rest } = schema;
  if (isSchema(items)) return { ...rest, items: inDeclarationOrder(items) };
  if (isSchema(additionalProperties) && properties === undefined) {
    return { ...rest, additionalProperties: inDeclarationOrder(additionalProperties) };
  }
  if (!isSchema(properties)) return schema;
  const needed = new Set(Array.isArray(required) ? required : []);
  const fields = Object.entries(properties as Record<string, JsonSchema>);
  const exclusions = exclusionsOf({ not });
  const othersOf = (name: string): string[] =>
    exclusions.filter(([field]) => field === name).map(([, other]) => other);
  const nullable = fields.filter(([name, field]) => !needed.has(name) && !("default" in field));
  return {
    ...rest,
    properties: Object.fromEntries(fields.map(([name]) => [name, true])),
    additionalProperties: false,
    [LEAVE_OUT_NULL]: nullable.map(([name]) => name),
    ...(fields.length === 0
      ? {}
      : {
          allOf: fields.map(([name, field]) => fieldSchema(name, field, { needed, others: othersOf(name) })),
        }),
  };
}

function fieldSchema(
  name: string,
  field: JsonSchema,
  { needed, others }: { readonly needed: ReadonlySet<unknown>; readonly others: readonly string[] },
): JsonSchema {
  return {
    properties: { [name]: inDeclarationOrder(field) },
    ...(needed.has(name) && { required: [name] }),
    ...(others.length > 0 && { [EXCLUDES]: [name, ...others] }),
  };
}

interface Violation {
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly data?: unknown;
  readonly parentSchema?: JsonSchema;
}

/** Says in go-zero's words which field breaks which rule. */
export function describeViolations(violations: readonly FastifySchemaValidationError[]): AppError {
  const [first] = violations;
  if (first === undefined) return invalidArgument("", "is not valid");
  const parts = pointerParts(first.instancePath);
  const violation: Violation = first;
  if (violation.keyword === "required") {
    return invalidArgument(fieldPath([...parts, String(violation.params.missingProperty)]), "is not set");
  }
  if (violation.keyword === EXCLUDES) {
    const { field, other } = violation.params;
    return invalidArgument(fieldPath([...parts, String(field)]), `must not come with ${other}`);
  }
  const field = fieldPath(parts);
  if (violation.keyword !== "type") return invalidArgument(field, ruleOf(violation, first.message));
  if (field === "") return new AppError("INVALID_ARGUMENT", "INVALID_JSON", "the body must be a JSON object");
  return typeMismatch(field, violation);
}

/** `/a/0/b` becomes `a`, 0, `b` (RFC 6901). */
function pointerParts(pointer: string): (string | number)[] {
  const parts = pointer.split("/").slice(1);
  return parts.map((part) => {
    if (/^\d+$/.test(part)) return Number(part);
    return part.replaceAll("~1", "/").replaceAll("~0", "~");
  });
}

function typeMismatch(field: string, violation: Violation): AppError {
  const { data } = violation;
  const expected = String(violation.params.type);
  if (data === null) return invalidArgument(field, "mustn't be nil");
  if (typeof data === "number" && expected === "integer")
    return invalidArgument(field, "is not an integer in range");
  const message = `type mismatch for field "${field}", expect "${expected}", actual "${typeName(data)}"`;
  return new AppError("INVALID_ARGUMENT", "INVALID_FIELD", message, { field });
}

function typeName(value: unknown): string {
  return Array.isArray(value) ? "array" : typeof value;
}

function ruleOf(violation: Violation, fallback: string | undefined): string {
  const { minimum, maximum, minLength = 0, maxLength, enum: allowed } = violation.parentSchema ?? {};
  if (violation.keyword === "enum" && Array.isArray(allowed)) {
    return `must be one of ${allowed.map((value) => JSON.stringify(value)).join(", ")}`;
  }
  const isRange = violation.keyword === "minimum" || violation.keyword === "maximum";
  if (isRange && minimum !== undefined && minimum === maximum) return `must be ${minimum}`;
  if (isRange && minimum !== undefined && maximum !== undefined)
    return `must be between ${minimum} and ${maximum}`;
  const isLength = violation.keyword === "minLength" || violation.keyword === "maxLength";
  if (isLength && minLength === 0) return `must not be longer than ${maxLength} characters`;
  if (isLength && maxLength !== undefined) return `must have ${minLength} to ${maxLength} characters`;
  if (violation.keyword === "not") return "must not be 0";
  if (violation.keyword === "format") return `must be a valid ${violation.params.format}`;
  if (violation.keyword === "propertyNames") return "must have integers as its keys";
  if (violation.keyword === "minItems" || violation.keyword === "maxItems")
    return `must have exactly ${violation.params.limit} elements`;
  if (violation.keyword === "pattern") return `must match ${violation.params.pattern}`;
  return fallback ?? "is not valid";
}
